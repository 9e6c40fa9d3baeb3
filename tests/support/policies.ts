/** The shipped policy with a few lines of its own, as an operator would write them. */
import { loadPolicy } from '../../src/config/load-policy.ts'
import { problemText } from '../../src/config/problem.ts'
import type { Policy } from '../../src/core/policy.ts'
import { DETECTORS } from '../../src/detectors/index.ts'
import { folderOfFiles, OPTIONS } from './config.ts'

/** `lines` stand below `detectors:`, flush left. Empty: as shipped, under a name of its own. */
export function policyFile(lines: string): string {
  const detectors = lines === '' ? '' : `detectors:\n${lines.replaceAll(/^(?=.)/gm, '  ')}\n`
  return `profile: own\nextends: default\ncalendar: default\n${detectors}`
}

export function policyWith(lines: string): Policy {
  using folder = folderOfFiles()
  const defaults = { country: 'CN', zone: 'Asia/Shanghai', profile: 'own' }
  const file = folder.write('own.yaml', policyFile(lines))
  const loaded = loadPolicy([file], DETECTORS, { ...OPTIONS, defaults })
  if (loaded.kind === 'wrong') throw new Error(loaded.problems.map(problemText).join('\n'))
  return loaded.policy
}
