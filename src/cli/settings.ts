/** Settings and policies for a command; what is wrong is told whole, and the command ends with 78. */
import { hash } from 'node:crypto'
import { loadPolicy } from '../config/load-policy.ts'
import type { LoadedPolicy } from '../config/load-policy.ts'
import { loadService } from '../config/load-service.ts'
import { problemText } from '../config/problem.ts'
import type { ConfigProblem } from '../config/problem.ts'
import type { Service } from '../config/service-schema.ts'
import { DETECTORS } from '../detectors/index.ts'
import { say } from './io.ts'
import type { Io } from './io.ts'

export type Settings = Readonly<{ service: Service; loaded: LoadedPolicy }>

export type SettingsFlags = Readonly<{
  config?: string | undefined
  policy?: string | undefined
  /** By path in dots, as `clock.until`. */
  flags?: Readonly<Record<string, string | undefined>>
}>

/** Undefined: wrong, and said so. */
export function loadSettings(io: Io, given: SettingsFlags): Settings | undefined {
  const read = loadService({ file: given.config, env: io.env, flags: given.flags ?? {} })
  if (read.kind === 'wrong') return complain(io, read.problems)
  const { service } = read
  const paths = given.policy === undefined ? service.policies : [given.policy]
  const loaded = loadPolicy(paths, DETECTORS, {
    graceMs: service.clock.graceMs,
    sha256: (text) => hash('sha256', text, 'hex'),
    defaults: service.defaults,
  })
  return loaded.kind === 'wrong' ? complain(io, loaded.problems) : { service, loaded }
}

function complain(io: Io, problems: readonly ConfigProblem[]): undefined {
  for (const problem of problems) say(io, problemText(problem))
  const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`
  say(io, `forewarn: the configuration has ${count}; nothing was started`)
}
