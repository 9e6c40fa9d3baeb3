/** What a warning is about, as text: part of its id. */

// Percent itself, the separator, and control characters.
const RESERVED = /[%:\u0000-\u001f\u007f]/g

function encoded(id: string): string {
  return id.replace(RESERVED, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  })
}

type SubjectKind = 'terminal' | 'invoice' | 'document' | 'settlement-account' | 'payout'

/** `terminal:T2:reverify`: a kind, an id with its own separators encoded, and perhaps a clock. */
export function subjectOf(kind: SubjectKind, id: string, clock?: string): string {
  const subject = `${kind}:${encoded(id)}`
  return clock === undefined ? subject : `${subject}:${clock}`
}
