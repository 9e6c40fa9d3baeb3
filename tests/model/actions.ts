/** All that can happen next in a world, each in words. */
import { acknowledging, asked, ended, folded, looked, readAccount, swept, taken } from './life.ts'
import { gaveUp, isTravelling, replied, resent, unanswered } from './queue.ts'
import { fenceBroken, fenced, sendAnswered, sendUnanswered, written } from './relay.ts'
import type { Settings } from './settings.ts'
import { EMPTY_STORE, executed, withoutDead } from './store.ts'
import type { Faults, Who, World } from './world.ts'

export type Successor = Readonly<{ words: string; world: World }>

/** Takes what may happen next, in a fixed order. */
type Note = (words: string, world: World | undefined) => void

const WHO: readonly Who[] = [0, 1]

export function nameOf(who: Who): string {
  return who === 0 ? 'P' : 'Q'
}

export function initialWorld(it: Settings): World {
  return {
    store: EMPTY_STORE,
    saved: undefined,
    epoch: 0,
    outputEpoch: 0,
    output: it.hasForeignId ? '*' : '',
    log: Array.from({ length: it.appended }, () => 0),
    wall: it.firstInstant,
    lives: [undefined, undefined],
    lateCommits: [],
    lateSends: [],
    left: it.faults,
    everStored: it.hasForeignId ? '*' : '',
  }
}

export function successorsOf(it: Settings, world: World): readonly Successor[] {
  const found: Successor[] = []
  const note: Note = (words, next) => {
    if (next === undefined) return
    found.push({ words, world: withoutDead(it, next) })
    // Redis is asynchronous: what it held before a write may be what comes back.
    const { store, left, saved } = world
    if (next.store === store || left.rollback === 0 || saved !== undefined) return
    const kept = withoutDead(it, { ...next, saved: store })
    found.push({ words: `${words}; a copy of Redis from before stays behind`, world: kept })
  }
  surroundings(it, world, note)
  for (const who of WHO) {
    if (world.lives[who] === undefined) {
      if (who === 0 || it.isZombie)
        note(`${nameOf(who)} takes the partition`, taken(it, world, who))
    } else {
      ownSteps(it, world, who, note)
      commitsOf(it, world, who, note)
      sendsOf(it, world, who, note)
    }
  }
  return found
}

function spent(world: World, fault: keyof Faults): World {
  return { ...world, left: { ...world.left, [fault]: world.left[fault] - 1 } }
}

function surroundings(it: Settings, world: World, note: Note): void {
  const { left, log, wall, saved, store } = world
  if (log.length < it.log.length) {
    note(`record ${log.length} is appended at instant ${wall}`, { ...world, log: [...log, wall] })
  }
  if (wall < it.lastInstant) note(`it is instant ${wall + 1}`, { ...world, wall: wall + 1 })
  for (const [at, commit] of world.lateCommits.entries()) {
    const lateCommits = world.lateCommits.filter((_, i) => i !== at)
    const { offset, version } = commit.next
    const words = `a late copy of the commit to ${offset}|${version} reaches Redis`
    note(words, executed(it, { ...world, lateCommits }, commit))
  }
  for (const [at, { epoch, ids }] of world.lateSends.entries()) {
    const lateSends = world.lateSends.filter((_, i) => i !== at)
    note(`a late send of ${ids} reaches Kafka`, written(it, { ...world, lateSends }, epoch, ids))
  }
  if (left.rollback > 0 && saved !== undefined) {
    const back = { ...spent(world, 'rollback'), store: saved, saved: undefined }
    note(`Redis goes back to version ${saved.cursor.version}`, back)
  }
  if (left.empty > 0 && store.cursor.version > 0) {
    note('Redis is emptied', { ...spent(world, 'empty'), store: EMPTY_STORE })
  }
}

function ownSteps(it: Settings, world: World, who: Who, note: Note): void {
  const name = nameOf(who)
  note(`${name} reads an account`, readAccount(it, world, who))
  for (let count = 1; count <= it.batchMax; count++) {
    note(`${name} folds ${count} and commits`, folded(it, world, who, count))
  }
  note(`${name} asks where the log ends`, asked(it, world, who))
  note(`${name} looks into the due index`, looked(world, who))
  note(`${name} fires what is proven`, swept(it, world, who))
  note(`${name} commits what was acknowledged`, acknowledging(it, world, who))
  if (world.left.crash > 0) note(`${name} dies`, ended(spent(world, 'crash'), who))
}

function commitsOf(it: Settings, world: World, who: Who, note: Note): void {
  const life = world.lives[who]
  const name = nameOf(who)
  note(`${name} sends its commit again`, resent(world, who))
  note(`${name} gives its commit up`, gaveUp(world, who))
  for (const [at, { commit }] of (life?.queue ?? []).entries()) {
    if (life === undefined || !isTravelling(life, at)) continue
    const { offset, version } = commit.next
    const words = `${name}'s commit to ${offset}|${version}`
    const isOvertaking = at > 0 && isTravelling(life, 0)
    if (!isOvertaking) note(`${words} is answered`, replied(it, world, who, at))
    else if (world.left.reorder > 0) {
      note(`${words} overtakes`, replied(it, spent(world, 'reorder'), who, at))
    }
    if (world.left.commit === 0) continue
    for (const truth of ['never done', 'done', 'done late'] as const) {
      note(`${words}: no reply, ${truth}`, unanswered(it, spent(world, 'commit'), who, at, truth))
    }
  }
}

function sendsOf(it: Settings, world: World, who: Who, note: Note): void {
  const name = nameOf(who)
  const missing = world.lives[who]?.relay.missing ?? ''
  note(`${name} fences, reads back and sends`, fenced(it, world, who))
  note(`${name}'s send of ${missing} is answered`, sendAnswered(it, world, who))
  if (world.left.produce === 0) return
  const without = spent(world, 'produce')
  for (const truth of ['never done', 'done in part', 'done', 'done late'] as const) {
    const words = `${name}'s send of ${missing}: no reply, ${truth}`
    note(words, sendUnanswered(it, without, who, truth))
  }
  note(`${name}'s fence is interrupted`, fenceBroken(without, who))
}
