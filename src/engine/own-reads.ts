/** Reads that belong to one life's memory only while the store stands where this life left it. */
import { IncompleteState, Unavailable } from '../core/ports.ts'
import type { Cursor, Seen } from '../core/ports.ts'

/** Raises `Unavailable`: also where the store is incomplete, for the life is over then. */
export type OwnReads = <T>(asked: Promise<Seen<T>>) => Promise<T>

export type OwnReadsPorts = Readonly<{
  /** As found when the life began. */
  loaded: Cursor | undefined
  writer: string
  committedVersion: () => number
  /**
   * Another writer's account was read, a failover gave the compare its old cursor back, or keys are
   * gone: an account of which nothing is stored need not be a new one.
   */
  lost: (cause: 'read' | 'incomplete') => void
}>

export function createOwnReads(ports: OwnReadsPorts): OwnReads {
  return async (asked) => {
    const committedVersion = ports.committedVersion()
    const { value, cursor: stored } = await whole(asked)
    const isLoaded = isSameCursor(stored, ports.loaded)
    const isRolledBack = (stored?.version ?? 0) < committedVersion
    if ((!isLoaded && stored?.writer !== ports.writer) || isRolledBack) ports.lost('read')
    return value
  }

  async function whole<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked
    } catch (error) {
      if (!(error instanceof IncompleteState)) throw error
      ports.lost('incomplete')
      throw new Unavailable(error.message)
    }
  }
}

export function isSameCursor(a: Cursor | undefined, b: Cursor | undefined): boolean {
  return a?.offset === b?.offset && a?.version === b?.version && a?.writer === b?.writer
}
