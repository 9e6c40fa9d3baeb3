/** `forewarn state export`: each partition's state as of one cursor, in a file of its own. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeMeta } from '../engine/meta.ts'
import { readState } from '../engine/state-read.ts'
import type { SnapshotCounts } from '../engine/state-snapshot.ts'
import type { Loaded } from '../core/ports.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { createProgress } from './progress.ts'
import { writeSnapshot } from './state-file.ts'
import type { SnapshotWriter } from './state-file.ts'
import { withWorld } from './state-world.ts'
import type { StateFlags, StateWorld } from './state-world.ts'

export type ExportOptions = StateFlags & Readonly<{ out: string; json?: boolean }>

type Exported = Readonly<{ path: string; loaded: Loaded; counts: SnapshotCounts; bytes: number }>

/** A partition that rests for a moment is met; one under load never is. */
const TRIES_MAX = 5

export function exportState(io: Io, options: ExportOptions): Promise<ExitCode> {
  return withWorld(io, 'export', options, async (world, partitions) => {
    if (partitions.length > 1 && !isFolder(options.out)) {
      say(io, `forewarn state export: several partitions need a folder, ${options.out} is none`)
      return EXIT.usage
    }
    let exit: ExitCode = EXIT.ok
    for (const partition of partitions) {
      const path = pathOf(options.out, world, partition)
      const exported = await exportPartition(io, world, partition, path)
      if (exported === 'moved') {
        exit = EXIT.failed
        const again = `it moved each of ${TRIES_MAX} times that it was read`
        say(io, `forewarn state export: partition ${partition}: ${again}: stop the service first`)
      } else if (exported === 'none') {
        say(io, `forewarn state export: partition ${partition} has no state`)
        if (options.partition !== undefined) exit = EXIT.failed
      } else tell(io, partition, exported, options.json === true)
    }
    return exit
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function pathOf(out: string, { topic }: StateWorld, partition: number): string {
  return isFolder(out) ? join(out, `${topic}-${partition}.fwstate.gz`) : out
}

async function exportPartition(
  io: Io,
  { store, topic }: StateWorld,
  partition: number,
  path: string,
): Promise<Exported | 'moved' | 'none'> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const progress = createProgress(io, { label: `export ${partition}`, unit: 'records' })
    let writer: SnapshotWriter | undefined
    let done = 0
    const begun = async ({ cursor, meta }: Loaded): Promise<void> => {
      const { partitionCount } = decodeMeta(meta)
      writer = await writeSnapshot(path, { topic, partition, partitionCount, cursor, meta })
    }
    try {
      const read = await readState(store, partition, begun, async (part) => {
        await writer?.put(part)
        progress.at(++done)
      })
      if (read.kind === 'none') return 'none'
      if (read.kind === 'whole' && writer !== undefined) {
        const finished = await writer.finish()
        writer = undefined
        return { path, loaded: read.loaded, ...finished }
      }
    } finally {
      progress.done()
      await writer?.discard()
    }
  }
  return 'moved'
}

function tell(io: Io, partition: number, exported: Exported, isJson: boolean): void {
  const { path, loaded, counts, bytes } = exported
  const { cursor } = loaded
  const text = isJson
    ? JSON.stringify({ partition, path, cursor, counts, bytes })
    : `${path}: partition ${partition} at offset ${cursor.offset}, ${counts.field} fields, ` +
      `${counts.outbox} records not yet published, ${bytes} bytes`
  io.stdout.write(`${text}\n`)
}
