/** What one life of a partition does by itself: takes, reads, folds, proves, fires, builds commits. */
import { applied, dueOf, fired, letterOf } from './fold.ts'
import { NEVER, sending } from './relay.ts'
import type { Settings } from './settings.ts'
import { isSame } from './store.ts'
import { withLife } from './world.ts'
import type { Commit, Cursor, Entry, Life, Relay, Who, World } from './world.ts'

/** `take-partition.ts` and `life-state.ts`: one consistent look, and a new writer id. */
export function taken(it: Settings, world: World, who: Who): World {
  const { store, wall } = world
  const writer = it.defect === 'writer id used again' ? who + 1 : freshWriter(world)
  const relay: Relay = {
    pending: store.outbox,
    stage: 0,
    epoch: 0,
    present: '',
    here: 0,
    sending: 0,
    missing: '',
    acknowledged: [],
    mark: store.mark,
    toldAgainBelow: NEVER,
    openedAt: NEVER,
  }
  return withLife(world, who, {
    writer,
    cursor: store.cursor,
    position: store.cursor.offset,
    clock: store.clock,
    accounts: it.isLazy ? store.accounts.map(() => undefined) : store.accounts,
    reading: undefined,
    sequence: store.sequence,
    queue: [],
    isUnclear: false,
    relay,
    proof: undefined,
    provenWall: -1,
    startedAt: wall,
  })
}

function freshWriter({ store, saved, lives, lateCommits }: World): number {
  const writers = [store.cursor.writer, saved?.cursor.writer ?? 0]
  for (const life of lives) if (life !== undefined) writers.push(life.writer, baseOf(life).writer)
  for (const { expected, next } of lateCommits) writers.push(expected.writer, next.writer)
  return Math.max(...writers) + 1
}

/** `supervisor.ts`, `live`: the life is over; what is on its way may still be done. */
export function ended(world: World, who: Who): World {
  const life = world.lives[who]
  if (life === undefined) return world
  const travelling = life.queue.filter(({ way }) => way !== 'again').map(({ commit }) => commit)
  const { relay } = life
  const sends = relay.sending > 0 ? [{ epoch: relay.epoch, ids: relay.missing }] : []
  const lateCommits = [...world.lateCommits, ...travelling]
  const lateSends = [...world.lateSends, ...sends]
  return withLife({ ...world, lateCommits, lateSends }, who, undefined)
}

/** `commit-queue.ts`, `room`; and while one is unclear the partition is held (`supervisor.ts`). */
export function hasRoom(it: Settings, life: Life): boolean {
  return !life.isUnclear && life.queue.length < it.inFlightMax
}

/** Account and cursor asked together: `own-reads.ts`. */
export function readAccount(it: Settings, world: World, who: Who): World | undefined {
  const life = world.lives[who]
  if (life === undefined || life.isUnclear) return undefined
  if (life.reading !== undefined) return compared(it, world, who, life)
  const account = life.accounts.indexOf(undefined)
  if (account === -1) return undefined
  const reading = { account, value: world.store.accounts[account] ?? '' }
  const asking = { ...life, reading }
  if (it.defect === 'account and cursor read apart') return withLife(world, who, asking)
  return compared(it, world, who, asking)
}

function compared(it: Settings, world: World, who: Who, life: Life): World {
  if (it.defect !== 'reads not compared' && !isOwn(world, life)) return ended(world, who)
  const { reading } = life
  const accounts = life.accounts.map((known, at) =>
    at === reading?.account ? reading.value : known,
  )
  return withLife(world, who, { ...life, accounts, reading: undefined })
}

/** Where the store stands as far as the life knows: as it was found, or where it committed last. */
function baseOf({ queue, cursor }: Life): Cursor {
  return queue[0]?.commit.expected ?? cursor
}

function isOwn({ store }: World, life: Life): boolean {
  const base = baseOf(life)
  const isLater = store.cursor.writer === life.writer && store.cursor.version >= base.version
  return isLater || isSame(store.cursor, base)
}

/** `sweep.ts`, `open`: once for every hour of the due index, and with it the cursor. */
export function looked(world: World, who: Who): World | undefined {
  const life = world.lives[who]
  return life === undefined || life.isUnclear || isOwn(world, life) ? undefined : ended(world, who)
}

/** `partition-worker.ts`, then `life.ts`, `commit`: the next `count` records in one commit. */
export function folded(it: Settings, world: World, who: Who, count: number): World | undefined {
  const life = world.lives[who]
  if (life === undefined || !hasRoom(it, life)) return undefined
  if (life.position + count > world.log.length) return undefined
  const accounts = [...life.accounts]
  let { clock, position } = life
  let said = ''
  for (; position < life.position + count; position++) {
    const at = it.log[position]?.account ?? 0
    const account = accounts[at]
    if (account === undefined) return undefined
    clock = Math.max(clock, world.log[position] ?? 0)
    const step = applied(it, account, position, clock)
    accounts[at] = step.account
    said += step.said
  }
  return committing(it, world, who, { ...life, accounts, clock, position }, life, said)
}

/** `arrival-clock.ts`, `ask`: the wall is noted, then the end is asked for. */
export function asked(it: Settings, world: World, who: Who): World | undefined {
  const life = world.lives[who]
  if (life === undefined || life.proof !== undefined) return undefined
  if (!isWorthAsking(it, world, life)) return undefined
  return withLife(world, who, { ...life, proof: { wall: world.wall, end: world.log.length } })
}

/** Slips that show only where a proof is asked for without need. */
const TIMELY: readonly Settings['defect'][] = [
  'wall noted after the end',
  'caught up before the output was opened',
]

/** A proof that fires nothing and tells the relay nothing leaves no trace: it is not explored. */
function isWorthAsking(it: Settings, world: World, { accounts, relay, provenWall }: Life): boolean {
  if (TIMELY.includes(it.defect) && provenWall < world.wall) return true
  if (relay.present !== '' && relay.toldAgainBelow === NEVER) return true
  return world.log.some((_, record) => {
    const { account, due = NEVER } = it.log[record] ?? {}
    if (due > world.wall || account === undefined) return false
    const held = accounts[account] ?? ''
    return !held.includes(letterOf(record)) || dueOf(it, held) === due
  })
}

/** `life.ts`, `sweep`, and `sweep.ts`: fires what the proof allows. */
export function swept(it: Settings, world: World, who: Who): World | undefined {
  const life = world.lives[who]
  if (life?.proof === undefined || !hasRoom(it, life) || life.accounts.includes(undefined))
    return undefined
  const isProven = life.position >= life.proof.end || it.defect === 'wall clock without proof'
  if (!isProven) return undefined
  const wall = it.defect === 'wall noted after the end' ? world.wall : life.proof.wall
  const clock = Math.max(life.clock, wall)
  let said = ''
  const accounts = life.accounts.map((account = '') => {
    const due = dueOf(it, account)
    if (due === undefined || due > clock) return account
    const after = fired(account)
    said += after.slice(-1)
    return after
  })
  const moved = { ...life, accounts, clock, proof: undefined, provenWall: wall }
  const relay = caughtUp(it, moved, wall, life.sequence + said.length)
  const swift = { ...moved, relay }
  if (said === '' && relay.acknowledged.length === 0) return withLife(world, who, swift)
  return committing(it, world, who, swift, life, said)
}

/** `relay.ts`, `caughtUp`: what earlier lives told is told again below this sequence. */
function caughtUp(it: Settings, { relay, startedAt }: Life, wall: number, sequence: number): Relay {
  const isEarly = it.defect === 'caught up before the output was opened'
  const isPastOthers = isEarly ? wall > startedAt : wall >= relay.openedAt
  if (!isPastOthers) return relay
  return { ...relay, toldAgainBelow: Math.min(relay.toldAgainBelow, sequence) }
}

/** `life.ts`, `commit`, with an empty batch: only what the output acknowledged. */
export function acknowledging(it: Settings, world: World, who: Who): World | undefined {
  const life = world.lives[who]
  if (life === undefined || life.relay.acknowledged.length === 0 || !hasRoom(it, life))
    return undefined
  return committing(it, world, who, life, life, '')
}

/** `open-batch.ts`, `take`, and `commit-queue.ts`, `put`. */
function committing(
  it: Settings,
  world: World,
  who: Who,
  life: Life,
  before: Life,
  said: string,
): World {
  const isAhead = it.defect === 'cursor ahead of the state' && life.position < world.log.length
  const next: Cursor = {
    offset: life.position + (isAhead ? 1 : 0),
    version: life.cursor.version + 1,
    writer: life.writer,
  }
  let { sequence } = life
  const added: Entry[] = []
  for (const id of said) added.push({ sequence: sequence++, id })
  const changed = life.accounts.map((account, at) =>
    account === before.accounts[at] ? undefined : account,
  )
  const { acknowledged, mark } = life.relay
  const rest = { dropped: acknowledged, sequence, mark, clock: life.clock }
  const commit: Commit = { expected: life.cursor, next, accounts: changed, added, ...rest }
  const way = life.queue.length === 0 ? 'first' : 'second'
  const isSentEarly = it.defect === 'uncommitted entries are sent'
  const pending = isSentEarly ? [...life.relay.pending, ...added] : life.relay.pending
  const relay = { ...life.relay, acknowledged: [], pending }
  return withLife(world, who, {
    ...life,
    cursor: next,
    sequence,
    queue: [...life.queue, { commit, way }],
    relay: isSentEarly ? sending(it, world, relay) : relay,
  })
}
