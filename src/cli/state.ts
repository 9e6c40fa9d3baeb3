/** The command line of `forewarn state`: what only an operator does to what is stored. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { EXIT } from './io.ts'
import type { Io } from './io.ts'
import type { Does } from './program.ts'

const configOption = () => new Option('--config <file>', 'settings of the service (YAML)')
const example = (line: string) => `\nExample:\n  $ npx forewarn state ${line}`
const partitionOption = () => new Option('--partition <n...>', 'of these alone; default: all')

export function addState(program: Command, io: Io, does: Does): void {
  const state = program.command('state').description('what is stored of the partitions, as a whole')
  state
    .command('export')
    .description('write each partition, as of one cursor, to a file; the partition must rest')
    .addOption(partitionOption())
    .option('--out <path>', 'a folder, or a file for one partition', '.')
    .option('--json', 'a line of JSON for each file')
    .addOption(configOption())
    .addHelpText('after', example('export --out backup/'))
    .action(does(async () => (await import('./state-export.ts')).exportState.bind(undefined, io)))
  state
    .command('import')
    .description('bring exported partitions into a store that has none of them')
    .argument('<file...>', 'as `state export` wrote them')
    .addOption(configOption())
    .addHelpText('after', example('import backup/*.fwstate.gz'))
    .action(does(async () => (await import('./state-import.ts')).importState.bind(undefined, io)))
  state
    .command('verify')
    .description('fold the log anew and compare; may run beside the service')
    .addOption(partitionOption())
    .addOption(new Option('--policy <path>', 'a policy file, or a folder of them'))
    .option('--before <path>', 'the policy that judged before the last change of policy')
    .option('--json', 'a line of JSON for each partition')
    .addOption(configOption())
    .addHelpText(
      'after',
      `\nExits ${EXIT.problems} on a difference.\n${example('verify --partition 0 1')}`,
    )
    .action(does(async () => (await import('./state-verify.ts')).verifyState.bind(undefined, io)))
  state
    .command('rebuild')
    .description('empty partitions, so that the next start folds their logs from the beginning')
    .addOption(partitionOption())
    .option('--yes', 'do it')
    .option('--to-import', 'though the log has lost its beginning: an import follows')
    .addOption(configOption())
    .addHelpText('after', example('rebuild --partition 3 --yes'))
    .action(does(async () => (await import('./state-rebuild.ts')).rebuildState.bind(undefined, io)))
}
