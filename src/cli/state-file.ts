/** One exported partition as a file: the lines of a snapshot, gzipped, with their checksum at the end. */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { headLine, noParts, partLine, readHead, readPart } from '../engine/state-snapshot.ts'
import { readTail, tailLine } from '../engine/state-snapshot.ts'
import type { SnapshotCounts, SnapshotHead, SnapshotPart } from '../engine/state-snapshot.ts'

export type SnapshotWriter = Readonly<{
  put: (part: SnapshotPart) => Promise<void>
  /** Only now there is a file of that name. Answers its size in bytes. */
  finish: () => Promise<Readonly<{ counts: SnapshotCounts; bytes: number }>>
  discard: () => Promise<void>
}>

/** Of names of merchants and of what they did. */
const OWNER_ONLY = 0o600
const NEWLINE = 0x0a
const CHUNK = 2 ** 20

export async function writeSnapshot(path: string, head: SnapshotHead): Promise<SnapshotWriter> {
  const draft = `${path}.draft`
  const counts = noParts()
  const hash = createHash('sha256')
  const gzip = createGzip({ chunkSize: CHUNK })
  const written = pipeline(gzip, createWriteStream(draft, { mode: OWNER_ONLY }))
  // Met again in `finish`, and at the next line.
  written.catch(() => {})

  async function write(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`)
    hash.update(bytes)
    if (!gzip.write(bytes)) await Promise.race([once(gzip, 'drain'), written])
  }

  await write(headLine(head))
  return {
    put: async (part) => {
      counts[part.kind]++
      await write(partLine(part))
    },
    finish: async () => {
      gzip.end(`${tailLine({ counts, sha256: hash.digest('hex') })}\n`)
      await written
      const file = await open(draft, 'r+')
      await file.sync()
      const { size } = await file.stat()
      await file.close()
      await rename(draft, path)
      return { counts, bytes: size }
    },
    discard: async () => {
      gzip.destroy()
      await written.catch(() => {})
      await rm(draft, { force: true })
    },
  }
}

/** The head, after the whole file was read and found to be as it was written. Raises an Error. */
export async function checkSnapshot(path: string): Promise<SnapshotHead & { sha256: string }> {
  const hash = createHash('sha256')
  const counts = noParts()
  let head: SnapshotHead | undefined
  let sha256: string | undefined
  for await (const line of linesOf(path)) {
    if (sha256 !== undefined) throw new Error('something follows the end of the exported state')
    if (head === undefined) head = readHead(String(line))
    else sha256 = countPart(String(line), counts, hash)
    hash.update(line).update('\n')
  }
  if (head === undefined || sha256 === undefined) throw new Error('the exported state is cut short')
  return { ...head, sha256 }
}

/** Undefined until the tail, which must be true. */
function countPart(
  line: string,
  counts: ReturnType<typeof noParts>,
  hash: Hash,
): string | undefined {
  const part = readPart(line)
  if (part !== undefined) {
    counts[part.kind]++
    return undefined
  }
  const tail = readTail(line)
  const isSame = JSON.stringify(tail.counts) === JSON.stringify(counts)
  if (!isSame || tail.sha256 !== hash.copy().digest('hex')) {
    throw new Error('the checksum is another: the exported state was damaged')
  }
  return tail.sha256
}

export async function* readSnapshot(path: string): AsyncGenerator<SnapshotPart> {
  let isHead = true
  for await (const line of linesOf(path)) {
    const part = isHead ? undefined : readPart(String(line))
    isHead = false
    if (part !== undefined) yield part
  }
}

/** Without their ends; of any length. What is no gzip, or ends too early, raises an Error. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  // Its error is raised by the loop, which reads the other end.
  pipeline(createReadStream(path, { highWaterMark: CHUNK }), gunzip).catch(() => {})
  let held: Buffer[] = []
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...held, chunk.subarray(from, at)])
      held = []
      from = at + 1
    }
    if (from < chunk.length) held.push(chunk.subarray(from))
  }
  if (held.length > 0) yield Buffer.concat(held)
}
