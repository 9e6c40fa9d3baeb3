/** The policy of a running service, read again: a good one takes over, a bad one changes nothing. */
import { printedService } from '../config/printed.ts'
import { problemText } from '../config/problem.ts'
import type { Wrong } from '../config/problem.ts'
import type { EpochMs } from '../core/time.ts'
import type { Settings } from './settings.ts'

export type Reloaded = Readonly<{
  atMs: EpochMs
  isOk: boolean
  /** `file:line: path: message`; none when it is right. */
  problems: readonly string[]
  /** The policy is another than before. */
  isChanged: boolean
  /** Settings that differ and hold from the next start on: paths in dots, without values. */
  needsRestart: readonly string[]
}>

export type ReloaderPorts = Readonly<{
  /** As the service was started with: what needs a restart is told against these. */
  settings: Settings
  nowMs: () => EpochMs
  /** A policy that differs from the one before. */
  take: (settings: Settings) => void
  /** After each attempt. */
  tell: (reloaded: Reloaded) => void
}>

export type Reloader = Readonly<{
  reload: () => Reloaded
  /** The last attempt; undefined: none so far. */
  last: () => Reloaded | undefined
}>

export function createReloader({ settings, nowMs, take, tell }: ReloaderPorts): Reloader {
  let last: Reloaded | undefined
  let policyHash = settings.loaded.policy.hash

  function attempt(): Reloaded {
    const atMs = nowMs()
    const read = settings.reread(settings.service)
    const nothing = { atMs, isChanged: false, needsRestart: [] }
    if (read.kind === 'wrong') return { ...nothing, isOk: false, problems: textsOf(read) }
    const { hash } = read.loaded.policy
    const isChanged = hash !== policyHash
    if (isChanged) take(read)
    policyHash = hash
    const needsRestart = differing(fixed(settings), fixed(read))
    return { atMs, isOk: true, problems: [], isChanged, needsRestart }
  }

  return {
    reload: () => {
      last = attempt()
      tell(last)
      return last
    },
    last: () => last,
  }
}

const textsOf = ({ problems }: Wrong): string[] => problems.map(problemText)

/** What a running service does not take up. A secret that changed is not seen here. */
function fixed({ service, said }: Settings): unknown {
  const { policies: _, defaults: __, ...rest } = printedService(service, said)
  return rest
}

/** Paths of the leaves that differ. */
function differing(a: unknown, b: unknown, path: readonly string[] = []): string[] {
  if (!isObject(a) || !isObject(b)) {
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path.join('.')]
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].flatMap((key) => differing(a[key], b[key], [...path, key]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
