/** `commit-queue.ts`: what becomes of the commits that one life has sent. */
import { ended } from './life.ts'
import { sending } from './relay.ts'
import type { Settings } from './settings.ts'
import { executed } from './store.ts'
import { withLife } from './world.ts'
import type { Commit, Life, Sending, Who, World } from './world.ts'

export function isTravelling(life: Life, at: number): boolean {
  const way = life.queue[at]?.way
  return way === 'first' || way === 'second'
}

/** The commit is compared and done or refused, and the reply is read. */
export function replied(it: Settings, world: World, who: Who, at: number): World {
  const life = world.lives[who] as Life
  const { commit, way } = life.queue[at] as Sending
  const after = executed(it, world, commit)
  const isDone = after !== world || hasReached(world, commit)
  if (isDone) return done(it, after, who, life, at)
  if (way === 'first') return ended(world, who)
  return withLife(world, who, { ...life, queue: sentAgain(life, at) })
}

/** Refused by our own cursor: the write was done and only the reply was lost. */
function hasReached({ store }: World, { next }: Commit): boolean {
  return store.cursor.writer === next.writer && store.cursor.version >= next.version
}

/** What stood before it in the queue is done too. The relay hears of it now. */
function done(it: Settings, world: World, who: Who, life: Life, at: number): World {
  const through = life.queue.slice(0, at + 1)
  const isTold = it.defect !== 'uncommitted entries are sent'
  const added = isTold ? through.flatMap(({ commit }) => commit.added) : []
  const late = through.slice(0, at).filter(({ way }) => way !== 'again')
  const lateCommits = [...world.lateCommits, ...late.map(({ commit }) => commit)]
  const relay = { ...life.relay, pending: [...life.relay.pending, ...added] }
  const queue = life.queue.slice(at + 1)
  const after = { ...life, queue, isUnclear: false, relay: sending(it, world, relay) }
  return withLife({ ...world, lateCommits }, who, after)
}

/** No reply comes. Whether anything was done is not known to the life. */
export function unanswered(
  it: Settings,
  world: World,
  who: Who,
  at: number,
  truth: 'never done' | 'done' | 'done late',
): World {
  const life = world.lives[who] as Life
  const { commit } = life.queue[at] as Sending
  const after = truth === 'done' ? executed(it, world, commit) : world
  const lateCommits = truth === 'done late' ? [...world.lateCommits, commit] : world.lateCommits
  const told = { ...life, queue: sentAgain(life, at), isUnclear: true }
  return withLife({ ...after, lateCommits }, who, told)
}

function sentAgain(life: Life, at: number): readonly Sending[] {
  return life.queue.map((it, i) => (i === at ? { ...it, way: 'again' } : it))
}

/** The same bytes; an earlier one goes first. */
export function resent(world: World, who: Who): World | undefined {
  const life = world.lives[who]
  const first = life?.queue[0]
  if (life === undefined || first?.way !== 'again') return undefined
  const queue = [{ ...first, way: 'first' as const }, ...life.queue.slice(1)]
  return withLife(world, who, { ...life, queue })
}

/** `commitGiveUpMs` is over. */
export function gaveUp(world: World, who: Who): World | undefined {
  const life = world.lives[who]
  const isUnclear = life?.isUnclear === true && life.queue.some(({ way }) => way === 'again')
  return isUnclear ? ended(world, who) : undefined
}
