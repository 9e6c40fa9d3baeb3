/** Lines to a stream, gathered into chunks; waits where the reader is slower. */
import { once } from 'node:events'

const CHUNK_CHARS = 64 * 1024

export type Lines = Readonly<{
  /** `line` without a line feed. */
  write: (line: string) => void
  /** Resolves when the stream takes more. */
  drained: () => Promise<void>
  end: () => Promise<void>
}>

export function createLines(stream: NodeJS.WritableStream): Lines {
  let held = ''
  let isFull = false

  function flush(): void {
    if (held === '') return
    isFull = !stream.write(held)
    held = ''
  }
  async function drained(): Promise<void> {
    flush()
    if (!isFull) return
    await once(stream, 'drain')
    isFull = false
  }
  return {
    write(line) {
      held += `${line}\n`
      if (held.length >= CHUNK_CHARS) flush()
    },
    drained,
    end: drained,
  }
}
