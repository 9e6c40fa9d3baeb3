/** `forewarn state rebuild`: empties partitions, so that the next start folds their logs anew. */
import { Unavailable } from '../core/ports.ts'
import { gapOf } from '../engine/incident.ts'
import type { IncidentKind } from '../engine/incident.ts'
import { decodeMeta } from '../engine/meta.ts'
import { EXIT, say } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { withWorld } from './state-world.ts'
import type { StateFlags, StateWorld } from './state-world.ts'

export type RebuildOptions = StateFlags & Readonly<{ yes?: boolean; toImport?: boolean }>

export function rebuildState(io: Io, options: RebuildOptions): Promise<ExitCode> {
  const tell = (text: string): void => say(io, `forewarn state rebuild: ${text}`)
  return withWorld(io, 'rebuild', options, async (world, partitions) => {
    const members = await world.memberCount()
    if (members > 0) {
      tell(`the service runs (${members} in its group): stop it first; nothing was emptied`)
      return EXIT.failed
    }
    const lost = options.toImport === true ? [] : await whyNot(world, partitions)
    for (const why of lost) tell(why)
    if (lost.length > 0) {
      tell('nothing was emptied; to make room for `state import`, add --to-import')
      return EXIT.failed
    }
    if (options.yes !== true) {
      tell(`this removes the state of ${named(partitions)}; add --yes to do it`)
      return EXIT.usage
    }
    for (const partition of partitions) {
      if (!(await empty(world, partition))) {
        tell(`partition ${partition} is being written to: is the service running elsewhere?`)
        return EXIT.failed
      }
      io.stdout.write(`partition ${partition} is empty\n`)
    }
    tell(options.toImport === true ? 'now: `forewarn state import`' : 'now: `forewarn run`')
    return EXIT.ok
  })
}

/** A line for each partition whose log is not all that was folded. */
async function whyNot(
  { bounds, store }: StateWorld,
  partitions: readonly number[],
): Promise<readonly string[]> {
  const known = await bounds()
  const found: string[] = []
  for (const partition of partitions) {
    const earliest = known.get(partition)?.earliest ?? 0
    const skipped = await skippedIn(store, partition)
    if (earliest > 0) found.push(`partition ${partition}: the log begins at ${earliest}, not at 0`)
    else if (skipped !== undefined) {
      found.push(`partition ${partition}: ${skipped} was accepted, the log before it is gone`)
    }
  }
  return found
}

/** Incomplete, or of a newer version: then nobody can tell, and emptying it is the way out. */
async function skippedIn(
  store: StateWorld['store'],
  partition: number,
): Promise<IncidentKind | undefined> {
  try {
    const loaded = await store.load(partition)
    if (loaded === undefined) return undefined
    return gapOf(decodeMeta(loaded.meta).accepted)
  } catch (error) {
    if (error instanceof Unavailable) throw error
    return undefined
  }
}

async function empty({ keys }: StateWorld, partition: number): Promise<boolean> {
  return keys.clear(partition, await keys.storedCursor(partition))
}

function named(partitions: readonly number[]): string {
  const [first, ...others] = partitions
  return others.length === 0 ? `partition ${first}` : `${partitions.length} partitions`
}
