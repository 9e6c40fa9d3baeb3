/** Policy files become one value, checked whole, before anything connects. */
import { dirname, join } from 'node:path'
import type { Counting } from '../core/counting.ts'
import type { AnyDetector } from '../core/detector.ts'
import type { Policy, Profile } from '../core/policy.ts'
import { createZones } from '../core/time.ts'
import { findCalendar } from './calendar.ts'
import type { Calendar } from './calendar.ts'
import { loadCohorts } from './cohorts.ts'
import { SILENCE_LIMITS } from '../core/silence-limits.ts'
import type { SilenceLimits } from '../core/silence-limits.ts'
import type { Cohorts } from './cohorts.ts'
import { effectiveProfile } from './effective-profile.ts'
import type { Entry } from './effective-profile.ts'
import { kindOf, shippedPath, shownPath } from './paths.ts'
import { readChains } from './policy-files.ts'
import type { Chain } from './policy-files.ts'
import { didYouMean, wrong } from './problem.ts'
import type { ConfigProblem, Wrong } from './problem.ts'
import type { Select } from './policy-schema.ts'
import { problemAt } from './schema-problems.ts'
import { createSelection, tiesIn } from './select.ts'

export type PolicyOptions = Readonly<{
  graceMs: number
  /** Absent: the defaults. */
  silence?: SilenceLimits
  /** Of UTF-8 text, in hex. */
  sha256: (text: string) => string
  defaults: Readonly<{
    /** Of accounts that never told theirs. */
    country?: string | undefined
    /** Where the profile names none. */
    zone: string
    /** Judges whom no `select` names. */
    profile: string
  }>
}>

export type LoadedPolicy = Readonly<{
  kind: 'ok'
  policy: Policy
  profiles: readonly LoadedProfile[]
  /** Undefined for a name that no profile uses. */
  calendarOf: (name: string) => Calendar | undefined
}>

const HASH_DIGITS = 12

/** A profile, and what its files say after all that they extend. */
export type LoadedProfile = Profile &
  Readonly<{
    select: Select | undefined
    calendar: string | undefined
    /** By detector, in the order of the list; ladders as they were written. */
    entries: Readonly<Record<string, Entry>>
  }>

/** `paths` are files or folders; none: the policies that are shipped. What they extend is found. */
export function loadPolicy(
  paths: readonly string[],
  detectors: readonly AnyDetector[],
  options: PolicyOptions,
): LoadedPolicy | Wrong {
  const places = paths.length > 0 ? paths : [shippedPath('policies')]
  const { chains, problems: inFiles } = readChains(places)
  const problems: ConfigProblem[] = [...inFiles, ...tiesIn(chains)]
  const calendars = loadCalendars(chains, problems)
  const cohorts = cohortsFor(places[0]!, problems)
  const profiles = chains.map((chain) => {
    const effective = effectiveProfile(chain, detectors)
    problems.push(...effective.problems)
    return profileFrom(chain, effective, cohorts, options)
  })
  const fallback = fallbackOf(profiles, places, options, problems)
  if (problems.length > 0 || fallback === undefined) return wrong(problems)

  const choices = chains.flatMap(({ own: { said } }, at) => {
    return said.select === undefined ? [] : [{ select: said.select, profile: profiles[at]! }]
  })
  const profileOf = createSelection(choices, fallback, options.defaults.country)
  const { graceMs, silence = SILENCE_LIMITS } = options
  const hash = policyHash(profiles, detectors, options)
  const policy = { hash, graceMs, silence, profileOf, zoneOf: createZones() }
  return { kind: 'ok', policy, profiles, calendarOf: (name) => calendars.get(name) }
}

/** Of everything that two instances must share to say the same of an account. */
function policyHash(
  profiles: readonly LoadedProfile[],
  detectors: readonly AnyDetector[],
  { graceMs, silence = SILENCE_LIMITS, sha256, defaults }: PolicyOptions,
): string {
  const judging = profiles.map(({ name, hash, select }) => ({ name, hash, select }))
  const versions = detectors.map(({ name, version }) => ({ name, version }))
  const all = { profiles: judging, detectors: versions, defaults, graceMs }
  // State that was judged before there were these limits was judged as by their defaults.
  const isUsual = sortedJson(silence) === sortedJson(SILENCE_LIMITS)
  return sha256(sortedJson(isUsual ? all : { ...all, silence })).slice(0, HASH_DIGITS)
}

function profileFrom(
  chain: Chain,
  { entries, armed, disarmed }: ReturnType<typeof effectiveProfile>,
  { rows, cohortOf }: Cohorts,
  { sha256, defaults }: PolicyOptions,
): LoadedProfile {
  const name = chain.own.said.profile
  const currency = nearest(chain, 'currency')
  const zone = nearest(chain, 'zone') ?? defaults.zone
  const calendar = nearest(chain, 'calendar')
  // The table of cohorts decides, too, so it is part of what a record's policy was.
  const effective = { profile: name, currency, zone, calendar, detectors: entries, cohorts: rows }
  const hash = sha256(sortedJson(effective)).slice(0, HASH_DIGITS)
  const { select } = chain.own.said
  const counting = Object.assign({}, ...armed.map((it) => it.counting)) as Counting
  return {
    name,
    hash,
    currency,
    zone,
    armed,
    disarmed,
    counting,
    cohortOf,
    select,
    calendar,
    entries,
  }
}

function nearest(chain: Chain, key: 'currency' | 'zone' | 'calendar'): string | undefined {
  return chain.layers.find(({ said }) => said[key] !== undefined)?.said[key]
}

/** Keys of every object in code-point order, no spaces. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    const entries = Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(entries)
  })
}

function loadCalendars(
  chains: readonly Chain[],
  problems: ConfigProblem[],
): ReadonlyMap<string, Calendar> {
  const calendars = new Map<string, Calendar>()
  for (const chain of chains) {
    const layer = chain.layers.find(({ said }) => said.calendar !== undefined)
    const name = layer?.said.calendar
    if (layer === undefined || name === undefined) {
      problems.push(...calendarMissing(chain))
      continue
    }
    if (calendars.has(name)) continue
    const said = problemAt(layer.yaml, { path: ['calendar'], message: '' })
    const found = findCalendar(name, layer.yaml.path, said)
    if (found.kind === 'wrong') problems.push(...found.problems)
    else calendars.set(name, found.calendar)
  }
  return calendars
}

function calendarMissing({ layers, isWhole }: Chain): ConfigProblem[] {
  const isSaid = layers.some((it) => it.faults.some(({ path }) => path[0] === 'calendar'))
  if (!isWhole || isSaid) return []
  return [problemAt(layers.at(-1)!.yaml, { path: ['calendar'], message: 'is missing' })]
}

/** Beside the policies' folder, else as shipped. */
function cohortsFor(place: string, problems: ConfigProblem[]): Cohorts {
  const folder = kindOf(place) === 'folder' ? place : dirname(place)
  const own = join(folder, '..', 'cohorts.yaml')
  const cohorts = loadCohorts(kindOf(own) === 'file' ? own : shippedPath('cohorts.yaml'))
  if (cohorts.kind === 'ok') return cohorts
  problems.push(...cohorts.problems)
  return { kind: 'ok', rows: [], cohortOf: () => undefined }
}

function fallbackOf(
  profiles: readonly Profile[],
  places: readonly string[],
  { defaults }: PolicyOptions,
  problems: ConfigProblem[],
): Profile | undefined {
  const found = profiles.find(({ name }) => name === defaults.profile)
  if (found !== undefined) return found
  // Whoever names a single file means it for every account.
  if (places.length === 1 && kindOf(places[0]!) === 'file') return profiles[0]
  if (problems.length > 0) return undefined
  problems.push({
    file: shownPath(places[0]!),
    path: 'defaults.profile',
    message: `there is no profile "${defaults.profile}"`,
    ...didYouMean(
      defaults.profile,
      profiles.map(({ name }) => name),
    ),
  })
  return undefined
}
