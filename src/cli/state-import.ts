/** `forewarn state import`: exported partitions back into an empty store. */
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import type { StateSlice } from '../adapters/redis-state.ts'
import type { SnapshotHead } from '../engine/state-snapshot.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { createProgress } from './progress.ts'
import { checkSnapshot, readSnapshot } from './state-file.ts'
import { withWorld } from './state-world.ts'
import type { StateFlags, StateWorld } from './state-world.ts'

type Checked = SnapshotHead & Readonly<{ path: string; sha256: string }>

/** One command to Redis: few enough not to keep others waiting. */
const SLICE_MAX = 1_000
const WRITER_BYTES = 9

export function importState(
  io: Io,
  paths: readonly string[],
  options: StateFlags,
): Promise<ExitCode> {
  return withWorld(io, 'import', options, async (world) => {
    // Nothing is written before all files were looked through.
    const checked: Checked[] = []
    for (const path of paths) {
      const found = await check(io, path)
      if (found === undefined) return EXIT.failed
      checked.push(found)
    }
    for (const it of checked) {
      const why = await wrongWith(world, it, checked)
      if (why === undefined) continue
      say(io, `forewarn state import: ${it.path}: ${why}; nothing was written`)
      return EXIT.failed
    }
    for (const it of checked) if (!(await bringIn(io, world, it))) return EXIT.failed
    return EXIT.ok
  })
}

async function check(io: Io, path: string): Promise<Checked | undefined> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    say(io, `forewarn state import: there is no file ${path}`)
    return undefined
  }
  try {
    return { path, ...(await checkSnapshot(path)) }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read'
    say(io, `forewarn state import: ${path}: ${why}`)
    return undefined
  }
}

/** Undefined: it may be brought in. */
async function wrongWith(
  { topic, bounds }: StateWorld,
  head: Checked,
  all: readonly Checked[],
): Promise<string | undefined> {
  const { partition, partitionCount, cursor } = head
  if (head.topic !== topic) return `it is of the topic ${head.topic}, not of ${topic}`
  const known = await bounds()
  if (partitionCount !== known.size) {
    return `it is of a topic with ${partitionCount} partitions, ${topic} has ${known.size}`
  }
  const { earliest, end } = known.get(partition) ?? { earliest: 0, end: 0 }
  if (cursor.offset < earliest) {
    return `it ends at offset ${cursor.offset}, and the log begins at ${earliest}: too old`
  }
  if (cursor.offset > end) return `it goes on to offset ${cursor.offset}, the log ends at ${end}`
  const isTwice = all.filter((it) => it.partition === partition).length > 1
  return isTwice ? `partition ${partition} is in more than one file` : undefined
}

async function bringIn(io: Io, { keys }: StateWorld, head: Checked): Promise<boolean> {
  const { path, partition, sha256, cursor, meta } = head
  const taken = (why: string): boolean => {
    say(io, `forewarn state import: partition ${partition} ${why}`)
    return false
  }
  if (!(await keys.begin(partition, sha256))) {
    return taken('is not empty: `forewarn state rebuild` empties it')
  }
  const lost = 'was written by somebody else meanwhile: empty it and import again'
  const progress = createProgress(io, { label: `import ${partition}`, unit: 'records' })
  let done = 0
  for await (const slice of slicesOf(path)) {
    if (!(await keys.put(partition, sha256, slice))) return taken(lost)
    done += slice.fields.length + slice.due.length + slice.outbox.length
    progress.at(done)
  }
  progress.done()
  // A late command of a life that knew the exported cursor must not fit.
  const writer = `import.${randomBytes(WRITER_BYTES).toString('base64url')}`
  const next = { offset: cursor.offset, version: cursor.version + 1, writer }
  if (!(await keys.finish(partition, sha256, { cursor: next, meta }))) return taken(lost)
  io.stdout.write(`${path}: partition ${partition} is at offset ${cursor.offset}\n`)
  return true
}

async function* slicesOf(path: string): AsyncGenerator<StateSlice> {
  let slice = emptySlice()
  let count = 0
  for await (const part of readSnapshot(path)) {
    if (part.kind === 'field') slice.fields.push([part.field, part.value])
    else if (part.kind === 'due') slice.due.push([part.bucket, part.accounts])
    else slice.outbox.push(part.entry)
    if (++count < SLICE_MAX) continue
    yield slice
    slice = emptySlice()
    count = 0
  }
  if (count > 0) yield slice
}

type Open<T> = T extends readonly (infer Item)[] ? Item[] : never
type OpenSlice = { [Kind in keyof StateSlice]: Open<StateSlice[Kind]> }

function emptySlice(): OpenSlice {
  return { fields: [], outbox: [], due: [] }
}
