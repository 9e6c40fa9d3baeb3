/** Faults stop, one process is left: does it come to rest, and with everything said? */
import { nameOf } from './actions.ts'
import type { Successor } from './actions.ts'
import { acknowledging, asked, ended, folded, looked, readAccount, swept, taken } from './life.ts'
import { isTravelling, replied, resent } from './queue.ts'
import { fenced, sendAnswered, written } from './relay.ts'
import type { Settings } from './settings.ts'
import { executed } from './store.ts'
import { NO_FAULTS } from './settings.ts'
import { hashOf, keyWithoutFaults } from './canonical.ts'
import { wrongAtRest, wrongIn } from './checks.ts'
import type { Who, World } from './world.ts'

const STEPS_MAX = 300

export type Unhealed = Readonly<{ wrong: string; steps: readonly string[] }>

export type Healing = Readonly<{
  /** Undefined: it comes to rest as it should, whoever goes on. */
  wrongAfter: (world: World) => Unhealed | undefined
  /** Worlds looked at. */
  count: () => number
}>

export function createHealing(it: Settings): Healing {
  /** Worlds known to come to rest. */
  const known = new Set<number>()

  function wrongFor(world: World, owner: Who): Unhealed | undefined {
    const path: number[] = []
    const steps = [`no more faults; only ${nameOf(owner)} goes on`]
    let at: World = { ...ended(world, owner === 0 ? 1 : 0), left: NO_FAULTS, saved: undefined }
    for (;;) {
      const hash = hashOf(keyWithoutFaults(it, at))
      if (known.has(hash)) break
      path.push(hash)
      const next = nextWhenWell(it, at, owner)
      const isStuck = steps.length > STEPS_MAX ? 'it does not come to rest' : undefined
      const wrong = isStuck ?? wrongIn(it, at) ?? (next ? undefined : wrongAtRest(it, at))
      if (wrong !== undefined) return { wrong, steps }
      if (next === undefined) break
      steps.push(next.words)
      at = next.world
    }
    for (const hash of path) known.add(hash)
    return undefined
  }

  return {
    wrongAfter: (world) => {
      const [p, q] = world.lives
      if (p === undefined || q === undefined) return wrongFor(world, p === undefined ? 1 : 0)
      return wrongFor(world, 0) ?? wrongFor(world, 1)
    },
    count: () => known.size,
  }
}

/** In turn whatever can be done. Undefined: nothing. */
function nextWhenWell(it: Settings, world: World, who: Who): Successor | undefined {
  const name = nameOf(who)
  const life = world.lives[who]
  const isLate = world.lateCommits.length + world.lateSends.length > 0
  if (isLate) return { words: 'something late arrives', world: lateFirst(it, world) }
  if (world.wall < it.lastInstant) {
    return { words: `it is instant ${world.wall + 1}`, world: { ...world, wall: world.wall + 1 } }
  }
  if (life === undefined) {
    return { words: `${name} takes the partition`, world: taken(it, world, who) }
  }
  const steps: readonly (readonly [string, () => World | undefined])[] = [
    ['sends its commit again', () => resent(world, who)],
    ['hears of its commit', () => (isTravelling(life, 0) ? replied(it, world, who, 0) : undefined)],
    ['reads an account', () => readAccount(it, world, who)],
    ['fences, reads back and sends', () => fenced(it, world, who)],
    ['hears of its send', () => sendAnswered(it, world, who)],
    ['folds 1 and commits', () => folded(it, world, who, 1)],
    ['asks where the log ends', () => asked(it, world, who)],
    ['fires what is proven', () => swept(it, world, who)],
    ['commits what was acknowledged', () => acknowledging(it, world, who)],
    ['looks into the due index', () => looked(world, who)],
  ]
  for (const [words, step] of steps) {
    const next = step()
    if (next !== undefined) return { words: `${name} ${words}`, world: next }
  }
  return undefined
}

function lateFirst(it: Settings, world: World): World {
  const [commit, ...lateCommits] = world.lateCommits
  if (commit !== undefined) return executed(it, { ...world, lateCommits }, commit)
  const [send, ...lateSends] = world.lateSends
  const arrived = { ...world, lateSends }
  return (send && written(it, arrived, send.epoch, send.ids)) ?? arrived
}
