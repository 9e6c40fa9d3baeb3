/** Commits of one life, in order, few at a time. When one is refused, so is all after it. */
import type { Observer } from '../core/observer.ts'
import { IncompleteState, Unavailable } from '../core/ports.ts'
import type { Clock, Commit, CommitResult, Cursor, Random } from '../core/ports.ts'
import { backOffMs } from './pace.ts'
import type { Rest } from './pace.ts'

export type CommitQueue = Readonly<{
  put: (commit: Commit) => void
  /** Resolves when one more may be put, or when that will not be soon: see `state`. */
  room: () => Promise<void>
  /** True when nothing is on its way any more; false as soon as that will not be soon. */
  settled: () => Promise<boolean>
  /** `unclear`: no reply yet to what was sent. `lost`: this writer must reload. */
  state: () => QueueState
  /** Sends nothing again. What is on its way may still be done. */
  end: () => void
}>
export type QueueState = 'ok' | 'unclear' | 'lost'

export type QueuePorts = Readonly<{
  commit: (commit: Commit) => Promise<CommitResult>
  clock: Clock
  random: Random
  observer: Observer
  rest: Rest
  inFlightMax: number
  giveUpMs: number
}>
export type QueueListener = Readonly<{
  /** In order of version. */
  committed: (commit: Commit) => void
  changed: (state: QueueState, cause: string) => void
  bug: (error: unknown) => void
}>

type Fate = 'done' | 'refused' | 'incomplete' | 'unclear'
type Sending = { commit: Commit; isSent: boolean; isDone: boolean }

export function createCommitQueue(ports: QueuePorts, listener: QueueListener): CommitQueue {
  const { clock, random, observer, rest } = ports
  const sendings: Sending[] = []
  let waiters: (() => void)[] = []
  let state: QueueState = 'ok'

  function become(next: QueueState, cause: string): void {
    if (state !== next && state !== 'lost') {
      state = next
      listener.changed(next, cause)
    }
    wake()
  }

  function wake(): void {
    const woken = waiters
    waiters = []
    for (const waiter of woken) waiter()
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => waiters.push(resolve))
  }

  /** What follows a commit that is done was compared with it, so all before it are done too. */
  function done(sending: Sending): void {
    while (!sending.isDone) {
      const first = sendings.shift()
      if (first === undefined) return
      first.isDone = true
      listener.committed(first.commit)
    }
    become('ok', 'answered')
    pump()
  }

  async function send(sending: Sending): Promise<void> {
    const sinceMs = clock.monotonicMs()
    for (let tries = 0; state !== 'lost' && !sending.isDone; tries++) {
      if (tries > 0) {
        // An earlier one that goes again goes first.
        await until(() => sendings[0] === sending || sending.isDone || state === 'lost')
        const isRested = await rest(backOffMs(tries - 1, random))
        if (!isRested || isOver(sending)) return
      }
      const isFirst = sendings[0] === sending
      const fate = await attempt(sending.commit)
      if (isOver(sending)) return
      if (fate === 'done') return done(sending)
      if (fate === 'incomplete') return become('lost', 'incomplete')
      if (fate === 'refused' && isFirst) return become('lost', 'refused')
      if (clock.monotonicMs() - sinceMs > ports.giveUpMs) return become('lost', 'unclear')
      if (fate === 'unclear') become('unclear', 'no reply')
    }
  }

  function isOver(sending: Sending): boolean {
    return state === 'lost' || sending.isDone
  }

  /** No reply is unknown, not undone: the same bytes again meet the old cursor or our own. */
  async function attempt(commit: Commit): Promise<Fate> {
    const startedMs = clock.monotonicMs()
    const tookMs = (): number => clock.monotonicMs() - startedMs
    try {
      const result = await ports.commit(commit)
      // Refused by our own cursor: the write was done and only the reply was lost.
      const isOurs = result.kind === 'refused' && hasReached(result.current, commit.next)
      const outcome = result.kind === 'done' ? 'committed' : isOurs ? 'own' : 'refused'
      observer.commit(outcome, tookMs())
      return outcome === 'refused' ? 'refused' : 'done'
    } catch (error) {
      const isIncomplete = error instanceof IncompleteState
      if (!isIncomplete && !(error instanceof Unavailable)) throw error
      observer.commit(isIncomplete ? 'refused' : 'unknown', tookMs())
      observer.storeError('commit', error.message)
      return isIncomplete ? 'incomplete' : 'unclear'
    }
  }

  function pump(): void {
    if (state === 'lost') return
    for (const sending of sendings.slice(0, ports.inFlightMax)) {
      if (sending.isSent) continue
      sending.isSent = true
      send(sending).catch(listener.bug)
    }
  }

  return {
    put: (commit) => {
      sendings.push({ commit, isSent: false, isDone: false })
      pump()
    },
    room: () => until(() => sendings.length < ports.inFlightMax || state !== 'ok'),
    settled: async () => {
      await until(() => sendings.length === 0 || state !== 'ok')
      return sendings.length === 0 && state === 'ok'
    },
    state: () => state,
    end: () => {
      state = 'lost'
      wake()
    },
  }
}

/** A life writes one chain: its own later version has ours below it. */
function hasReached(current: Cursor | undefined, next: Cursor): boolean {
  return current?.writer === next.writer && current.version >= next.version
}
