/** Settings and policies for a command; what is wrong is told whole, and the command ends with 78. */
import { hash } from 'node:crypto'
import { loadPolicy } from '../config/load-policy.ts'
import type { LoadedPolicy } from '../config/load-policy.ts'
import { loadService } from '../config/load-service.ts'
import { problemText } from '../config/problem.ts'
import type { ConfigProblem, Wrong } from '../config/problem.ts'
import type { Service } from '../config/service-schema.ts'
import { DETECTORS } from '../detectors/index.ts'
import { say } from './io.ts'
import type { Io } from './io.ts'

export type Settings = Readonly<{
  kind: 'ok'
  service: Service
  /** As given, before defaults: with secrets, for nobody's eyes. */
  said: unknown
  loaded: LoadedPolicy
  /** The same files and variables once more, judged with the grace and by the cohorts that are given. */
  reread: (kept: Kept) => Settings | Wrong
}>

/** Of the service's settings, what a policy is judged with. */
type Kept = Pick<Service, 'clock' | 'silence'>

export type SettingsFlags = Readonly<{
  config?: string | undefined
  policy?: string | undefined
  /** By path in dots, as `clock.until`. */
  flags?: Readonly<Record<string, string | undefined>>
}>

/** Undefined: wrong, and said so. */
export function loadSettings(io: Io, given: SettingsFlags): Settings | undefined {
  const read = readSettings(io.env, given)
  if (read.kind === 'ok') return read
  complain(io, read.problems)
  say(io, `forewarn: the configuration has ${countText(read)}; nothing was started`)
  return undefined
}

export function readSettings(env: Io['env'], given: SettingsFlags): Settings | Wrong {
  return read()

  function read(kept?: Kept): Settings | Wrong {
    const found = loadService({ file: given.config, env, flags: given.flags ?? {} })
    if (found.kind === 'wrong') return found
    const { service, said } = found
    const paths = given.policy === undefined ? service.policies : [given.policy]
    const loaded = loadPolicy(paths, DETECTORS, {
      graceMs: (kept ?? service).clock.graceMs,
      silence: (kept ?? service).silence,
      sha256: (text) => hash('sha256', text, 'hex'),
      defaults: service.defaults,
    })
    if (loaded.kind === 'wrong') return loaded
    return { kind: 'ok', service, said, loaded, reread: read }
  }
}

/** A line for each mistake. */
export function complain(io: Io, problems: readonly ConfigProblem[]): void {
  for (const problem of problems) say(io, problemText(problem))
}

export function countText({ problems }: Wrong): string {
  return problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`
}
