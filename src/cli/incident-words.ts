/** Incidents for people: what each means, and what can be done. */
import type { Acceptance, Incident, IncidentKind } from '../engine/incident.ts'

/** One partition as it was looked at. */
export type Found = Readonly<{
  partition: number
  incident: Incident | undefined
  accepted: readonly Acceptance[]
  /** Why its state cannot be read at all. */
  unreadable: string | undefined
}>

type Words = Readonly<{ meaning: string; remedy: string }>

export const INCIDENT_WORDS: Readonly<Record<IncidentKind, Words>> = {
  'retention-gap': {
    meaning:
      'The topic dropped these records before they were read. What merchants did in them is unknown here: warnings of it are missing, and a terminal that traded only then looks idle since before.',
    remedy:
      'Bring the records back if there is a copy of the topic; else accept: reading goes on at the earliest record, with the accounts as they are.',
  },
  truncated: {
    meaning:
      'The log ends before the last record that was read: it was cut (an unclean leader election), or the topic was made anew.',
    remedy:
      'If the topic was made anew, accept: reading goes on at its earliest record. If it was cut, accept with --from and the first offset of the range, or records still there are counted twice.',
  },
  recreated: {
    meaning:
      'At the offset read last stands another record: the topic was deleted and made anew, or Forewarn was pointed at another one.',
    remedy:
      'Check kafka.brokers and kafka.topics.events. If the topic was made anew, accept: reading goes on at its earliest record (or --from), with the accounts as they are.',
  },
  'partition-count': {
    meaning:
      'Merchants are spread over another number of partitions than when the accounts were stored, so their events come where their accounts are not.',
    remedy:
      'This cannot be accepted: go back to the old number with a new topic, or start under another redis.namespace and kafka.groupId and read the topic from its beginning.',
  },
  'state-lost': {
    meaning:
      'Redis holds no state for the partition, warnings were sent before, and the head of the log is gone: the accounts cannot be built again from it.',
    remedy:
      'Import an exported state if there is one; else accept: accounts begin anew with the earliest record.',
  },
}

/** Empty where there is nothing to tell. */
export function partitionText({ partition, incident, accepted, unreadable }: Found): string {
  const lines: string[] = []
  if (incident !== undefined) {
    const { kind, fromOffset, toOffset, message } = incident
    const { meaning, remedy } = INCIDENT_WORDS[kind]
    const range = `offsets [${fromOffset}, ${toOffset}), ${toOffset - fromOffset} of them`
    lines.push(`partition ${partition}  ${kind}  ${range}`)
    lines.push(`  ${message} ${meaning}`, `  → ${remedy}`)
    if (kind !== 'partition-count') {
      lines.push(`  → forewarn incidents accept ${partition} --kind ${kind} --yes`)
    }
  }
  if (unreadable !== undefined) lines.push(`partition ${partition}  unreadable  ${unreadable}`)
  for (const it of accepted) lines.push(acceptedText(partition, it))
  return lines.join('\n')
}

export function acceptedText(partition: number, it: Acceptance): string {
  const when = new Date(it.atMs).toISOString()
  const range = `[${it.fromOffset}, ${it.toOffset})`
  return `partition ${partition}  accepted ${it.kind} ${range}: on at ${it.continuedAt}, by ${it.by}, ${when}`
}
