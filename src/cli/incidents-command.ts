/** `forewarn incidents list|accept`: names, options and examples. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { EXIT } from './io.ts'
import type { Io } from './io.ts'
import type { Does } from './program.ts'

const configOption = () => new Option('--config <file>', 'settings of the service (YAML)')

export function addIncidents(program: Command, io: Io, does: Does): void {
  const incidents = program
    .command('incidents')
    .description('partitions that stopped because the log is not what was folded')
  incidents
    .command('list')
    .description('what stopped, the exact offsets, what it means, what to do; changes nothing')
    .addOption(configOption())
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      `\nExits ${EXIT.problems} when there is one.\n\nExample:\n  $ npx forewarn incidents list --json`,
    )
    .action(does(async () => (await import('./incidents.ts')).listIncidents.bind(undefined, io)))
  incidents
    .command('accept')
    .description('go on in spite of it: what is lost stays lost, and is noted with your name')
    .argument('<partition>', 'its number')
    .option('--kind <kind>', 'only if it is this one')
    .option('--from <offset>', 'where to go on: an offset, or earliest', 'earliest')
    .option('--yes', 'really')
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forewarn incidents accept 3 --kind retention-gap --yes',
    )
    .action(does(async () => (await import('./incidents.ts')).acceptOne.bind(undefined, io)))
}
