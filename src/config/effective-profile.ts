/** A profile with what it extends, and its detectors armed. */
import type { AnyDetector, Armed } from '../core/detector.ts'
import { ONLY_LADDER } from '../core/detector.ts'
import type { Ladder } from '../core/policy.ts'
import { readLadder } from './ladder-syntax.ts'
import type { Chain, Layer } from './policy-files.ts'
import { didYouMean } from './problem.ts'
import type { ConfigProblem } from './problem.ts'
import { faultsOf, problemAt } from './schema-problems.ts'
import type { Fault } from './schema-problems.ts'
import type { Path } from './yaml-file.ts'

/** What a profile says of one detector, after all that it extends. Ladders as they were written. */
export type Entry = Readonly<{
  armed: boolean
  limits: Readonly<Record<string, unknown>>
  ladders: Readonly<Record<string, unknown>>
  source: string
}>

export type Effective = Readonly<{
  entries: Readonly<Record<string, Entry>>
  /** In the order of the list. */
  armed: readonly Armed[]
  disarmed: readonly Armed[]
  problems: readonly ConfigProblem[]
}>

export function effectiveProfile(chain: Chain, detectors: readonly AnyDetector[]): Effective {
  const problems: ConfigProblem[] = chain.layers.flatMap((layer) => {
    return [...unknownDetectors(layer, detectors), ...unsourced(layer)]
  })
  const entries: Record<string, Entry> = {}
  const armed: Armed[] = []
  const disarmed: Armed[] = []
  for (const detector of detectors) {
    const given = chain.layers.filter(({ said }) => Object.hasOwn(said.detectors, detector.name))
    if (given.length === 0) {
      problems.push(...missing(chain, detector.name))
      continue
    }
    const entry = merged(given, detector.name)
    entries[detector.name] = entry
    // What the schema of the file refused has been said already.
    if (!chain.isWhole || given.some((layer) => isFaulty(layer, detector.name))) continue
    const read = checked(detector, entry)
    const at = ['detectors', detector.name]
    problems.push(
      ...read.faults.map((it) => problemIn(given, { ...it, path: [...at, ...it.path] })),
    )
    if (read.faults.length > 0) continue
    const list = entry.armed ? armed : disarmed
    list.push(detector.arm(entry.limits, read.ladders, entry.source))
  }
  return { entries, armed, disarmed, problems }
}

function missing({ layers, isWhole }: Chain, name: string): ConfigProblem[] {
  const isUnread = layers.some((layer) => layer.faults.some(({ path }) => isAbout(path, undefined)))
  if (!isWhole || isUnread) return []
  const message = `says nothing of ${name}: give its limits, ladder and source`
  return [problemAt(layers.at(-1)!.yaml, { path: ['detectors'], message })]
}

function unknownDetectors(
  { yaml, said }: Layer,
  detectors: readonly AnyDetector[],
): ConfigProblem[] {
  const known = detectors.map(({ name }) => name)
  return Object.keys(said.detectors)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const fault = { path: ['detectors', name], message: 'there is no such detector' }
      return problemAt(yaml, { ...fault, ...didYouMean(name, known) })
    })
}

/** A limit without its source is an opinion nobody can check. */
function unsourced(layer: Layer): ConfigProblem[] {
  return Object.entries(layer.said.detectors)
    .filter(([, { limits, ladder, ladders }]) => limits ?? ladder ?? ladders)
    .filter(([name, { source }]) => source === undefined && !isFaulty(layer, name))
    .map(([name]) => {
      const message = 'limits and ladders are given without their source'
      return problemAt(layer.yaml, { path: ['detectors', name], message })
    })
}

function isFaulty({ faults }: Layer, name: string): boolean {
  return faults.some(({ path }) => isAbout(path, name))
}

/** Without a name: about the detectors as a whole. */
function isAbout(path: Path, name: string | undefined): boolean {
  return path[0] === 'detectors' && path[1] === name
}

/** Limits and ladders one by one: the nearest profile that gives one decides it whole. */
function merged(given: readonly Layer[], name: string): Entry {
  const sayings = given.map(({ said }) => said.detectors[name]!).toReversed()
  const ladders = sayings.flatMap(({ ladder, ladders: several }) => [
    several ?? {},
    ladder === undefined ? {} : { [ONLY_LADDER]: ladder },
  ])
  return {
    armed: sayings.findLast((it) => it.armed !== undefined)?.armed ?? true,
    limits: Object.assign({}, ...sayings.map(({ limits }) => limits)),
    ladders: Object.assign({}, ...ladders),
    source: sayings.findLast((it) => it.source !== undefined)?.source ?? '',
  }
}

function checked(
  detector: AnyDetector,
  entry: Entry,
): Readonly<{ ladders: Record<string, Ladder>; faults: readonly Fault[] }> {
  const limits = detector.limits.safeParse(entry.limits)
  const faults = limits.success ? [] : faultsOf(detector.limits, limits.error).map(within('limits'))
  const ladders: Record<string, Ladder> = {}
  const names = detector.ladders ?? [ONLY_LADDER]
  for (const name of names) {
    const path = pathOf(detector, name)
    const written = entry.ladders[name]
    if (written === undefined) {
      faults.push({ path, message: 'is missing' })
      continue
    }
    const read = readLadder(written, detector.kind)
    faults.push(...read.faults.map((it) => ({ ...it, path: [...path, ...it.path] })))
    ladders[name] = read.ladder
  }
  for (const name of Object.keys(entry.ladders)) {
    if (names.includes(name)) continue
    const path = name === ONLY_LADDER ? [ONLY_LADDER] : ['ladders', name]
    const message = `${detector.name} has no such ladder`
    const hint = detector.ladders ? didYouMean(name, names) : { hint: 'it has one: "ladder"' }
    faults.push({ path, message, ...hint })
  }
  return { ladders, faults }
}

function pathOf(detector: AnyDetector, ladder: string): Path {
  return detector.ladders ? ['ladders', ladder] : [ladder]
}

function within(key: string): (fault: Fault) => Fault {
  return (fault) => ({ ...fault, path: [key, ...fault.path] })
}

/** In the nearest file that has the path: that is where it was said. */
function problemIn(given: readonly Layer[], fault: Fault): ConfigProblem {
  const layer = given.find(({ yaml }) => yaml.has(fault.path)) ?? given.at(-1)!
  return problemAt(layer.yaml, fault)
}
