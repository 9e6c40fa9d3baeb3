/** Breadth first through every world that can be reached: the first violation has the shortest trace. */
import { initialWorld, successorsOf } from './actions.ts'
import { hashOf, keyWithFaults } from './canonical.ts'
import { wrongIn } from './checks.ts'
import { createHealing } from './heal.ts'
import type { Settings } from './settings.ts'
import type { World } from './world.ts'

export type Explored = Readonly<{
  worlds: number
  transitions: number
  /** Worlds on the way from each of them to rest. */
  healed: number
  depth: number
  /** Nothing was left out by `depthMax` or `worldsMax`. */
  isComplete: boolean
  violation: Violation | undefined
}>
export type Violation = Readonly<{ wrong: string; trace: readonly string[] }>

export type Limits = Readonly<{
  depthMax?: number
  worldsMax?: number
  /** Called after each depth. */
  progress?: (depth: number, worlds: number, waiting: number) => void
}>

export function explore(it: Settings, limits: Limits = {}): Explored {
  const { depthMax = Infinity, worldsMax = Infinity, progress } = limits
  const first = initialWorld(it)
  const seen = new Set([hashOf(keyWithFaults(it, first))])
  /** Of each world the one before it, and which of its successors it is. */
  const parents: number[] = [-1]
  const choices: number[] = [0]
  const healing = createHealing(it)
  let frontier: readonly (readonly [index: number, world: World])[] = [[0, first]]
  let transitions = 0
  let depth = 0
  let violation: Violation | undefined

  function check(index: number, world: World): void {
    const wrong = wrongIn(it, world)
    const found = wrong === undefined ? healing.wrongAfter(world) : { wrong, steps: [] }
    if (found === undefined) return
    const trace = [...traceTo(it, index, parents, choices), ...found.steps]
    violation = { wrong: found.wrong, trace }
  }

  check(0, first)
  while (frontier.length > 0 && depth < depthMax && seen.size < worldsMax) {
    const next: [number, World][] = []
    for (const [index, world] of frontier) {
      for (const [choice, { world: after }] of successorsOf(it, world).entries()) {
        transitions++
        const hash = hashOf(keyWithFaults(it, after))
        if (seen.has(hash)) continue
        seen.add(hash)
        const at = parents.push(index) - 1
        choices.push(choice)
        check(at, after)
        if (violation !== undefined) break
        next.push([at, after])
      }
      if (violation !== undefined) break
    }
    depth++
    frontier = violation === undefined ? next : []
    progress?.(depth, seen.size, next.length)
  }
  const isComplete = violation === undefined && frontier.length === 0
  const healed = healing.count()
  return { worlds: seen.size, transitions, healed, depth, isComplete, violation }
}

/** Walked again from the beginning, for the words. */
function traceTo(
  it: Settings,
  index: number,
  parents: readonly number[],
  choices: readonly number[],
): readonly string[] {
  const path: number[] = []
  for (let at = index; at > 0; at = parents[at] ?? 0) path.unshift(choices[at] ?? 0)
  const words: string[] = []
  let world = initialWorld(it)
  for (const choice of path) {
    const step = successorsOf(it, world)[choice]
    if (step === undefined) break
    words.push(step.words)
    world = step.world
  }
  return words
}
