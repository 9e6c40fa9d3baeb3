/** The command line: names, options and examples. What a command does stands in its own file. */
import { Argument, Command, CommanderError, Option } from 'commander'
import { didYouMean } from '../config/problem.ts'
import { EXIT } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { addIncidents } from './incidents-command.ts'
import { addState } from './state.ts'

/** Loaded when its command runs: `replay` must not pay for Kafka. */
type Run<Arguments extends readonly unknown[]> = (...given: Arguments) => Promise<ExitCode>

const EXIT_CODES = `
Exit codes: 0 ok, also after SIGTERM · 1 failed at run time · 2 wrong usage · 3 a check found problems
  · 78 wrong configuration · 130, 143 when a second signal,
  or ten seconds without an answer, forced the end`

const FIRST_STEPS = `Forewarn warns before a merchant's POS account is suspended or deregistered.

First steps:
  npx forewarn demo --for 30s                      see it work: no Kafka, no Redis
  npx forewarn simulate --merchants 20 --days 120 --seed 7 | npx forewarn replay -
  npx forewarn check --config config/forewarn.yaml  is everything reachable and as it must be?
  npx forewarn run --config config/forewarn.yaml    the service
  npx forewarn --help                              all commands
`

const configOption = () => new Option('--config <file>', 'settings of the service (YAML)')
const policyOption = () => new Option('--policy <path>', 'a policy file, or a folder of them')
const untilOption = (what: string) => new Option('--until <instant>', what)

export function createProgram(
  io: Io,
): Readonly<{ run: (argv: readonly string[]) => Promise<ExitCode> }> {
  let exit: ExitCode = EXIT.ok
  const program = new Command('forewarn')
    .description('Early warnings for merchants’ POS accounts: events from Kafka in, warnings out.')
    .version(io.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError('(try --help)')
    .addHelpText('after', EXIT_CODES)
    .usage('[options] [command]')
    .argument('[command]')
    .allowExcessArguments()
    .action((word: string | undefined) => {
      if (word === undefined) {
        io.stdout.write(FIRST_STEPS)
        return
      }
      const names = program.commands.map((it) => it.name())
      const { hint } = didYouMean(word, names) ?? { hint: 'try --help' }
      program.error(`forewarn: there is no command ${word} (${hint})`)
    })

  /** A command whose result is the exit code. */
  function does<Arguments extends readonly unknown[]>(load: () => Promise<Run<Arguments>>) {
    return async (...given: Arguments): Promise<void> => {
      exit = await (await load())(...given)
    }
  }

  addWatching(program, io, does)
  addExplain(program, io, does)
  addStreams(program, io, does)
  addService(program, io, does)
  addPolicy(program, io, does)
  addState(program, io, does)
  addIncidents(program, io, does)

  async function run(argv: readonly string[]): Promise<ExitCode> {
    try {
      await program.parseAsync(argv, { from: 'user' })
      return exit
    } catch (error) {
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
      throw error
    }
  }
  return { run }
}

export type Does = <Arguments extends readonly unknown[]>(
  load: () => Promise<Run<Arguments>>,
) => (...given: Arguments) => Promise<void>

function addWatching(program: Command, io: Io, does: Does): void {
  program
    .command('demo')
    .description('the whole service in one process, fed by the simulator at accelerated time')
    .option('--for <span>', 'end after so long, as in 30s or 2m')
    .option('--merchants <n>', 'how many merchants trade', '120')
    .option('--seed <n>', 'another fleet', '7')
    .option('--days-per-second <n>', 'how fast simulated time passes', '4')
    .option('--port <n>', 'of the page and the metrics (0: any free one)', '8080')
    .addHelpText('after', '\nExample:\n  $ npx forewarn demo --for 30s')
    .action(does(async () => (await import('./demo.ts')).demo.bind(undefined, io)))
  program
    .command('replay')
    .description('warnings that a recorded stream causes: NDJSON in (gzip too), records out')
    .argument('<file>', 'lines of events, or - for standard input')
    .addOption(policyOption())
    .addOption(configOption())
    .addOption(untilOption('move timers past the last event, to this instant'))
    .option('--dead-letters <file>', 'write what was refused, and why, as lines')
    .option('--strict', `exit ${EXIT.problems} when anything was refused`)
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forewarn replay events.ndjson.gz --until 2026-07-01T00:00:00Z',
    )
    .action(does(async () => (await import('./replay.ts')).replay.bind(undefined, io)))
}

function addExplain(program: Command, io: Io, does: Does): void {
  program
    .command('explain')
    .description('why an account stands as it does: clocks, limits, warnings, what is held back')
    .argument('<merchant>', 'its id')
    .option('--tenant <tenant>', 'whose merchant it is')
    .option('--from <file>', 'of a recorded stream (- for standard input), not of what is in Redis')
    .option('--at <time>', 'as of an instant, or of the end of a date')
    .option('--json', 'for programs')
    .addOption(configOption())
    .addOption(policyOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forewarn explain M1000042 --from events.ndjson.gz --at 2026-03-16',
    )
    .action(does(async () => (await import('./explain.ts')).explain.bind(undefined, io)))
}

function addStreams(program: Command, io: Io, does: Does): void {
  program
    .command('simulate')
    .description('a realistic stream of a fleet of merchants, the same bytes for the same seed')
    .requiredOption('--merchants <n>', 'how many')
    .requiredOption('--days <n>', 'how long')
    .requiredOption('--seed <n>', 'which fleet')
    .option('--from <date>', 'first day, YYYY-MM-DD')
    .option('--scenario <name>', 'one named merchant instead of a fleet (list: names them)')
    .option('--truth <file>', 'write what ought to be warned of')
    .addOption(new Option('--to <where>').choices(['stdout', 'kafka']).default('stdout'))
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ npx forewarn simulate --merchants 200 --days 400 --seed 7 --truth t.json > events.ndjson',
    )
    .action(does(async () => (await import('./simulate.ts')).simulate.bind(undefined, io)))
  program
    .command('score')
    .description('compare warnings with the truth of a simulated stream')
    .requiredOption('--truth <file>', 'as `simulate --truth` wrote it')
    .argument('<warnings>', 'what `replay` printed, or - for standard input')
    .addHelpText('after', `\nExits ${EXIT.problems} on a difference.`)
    .action(does(async () => (await import('./score.ts')).score.bind(undefined, io)))
}

function addService(program: Command, io: Io, does: Does): void {
  program
    .command('run')
    .description('the service, against Kafka and Redis')
    .addOption(configOption().makeOptionMandatory())
    .addOption(untilOption('end when everything up to this instant is judged and published'))
    .addHelpText('after', '\nExample:\n  $ npx forewarn run --config config/forewarn.yaml')
    .action(does(async () => (await import('./run.ts')).run.bind(undefined, io)))
  program
    .command('check')
    .description('configuration, Kafka and Redis: is everything as it must be?')
    .addOption(configOption())
    .action(does(async () => (await import('./check.ts')).check.bind(undefined, io)))
  const topics = program.command('topics').description('the topics that Forewarn reads and writes')
  for (const verb of ['print', 'create'] as const) {
    topics
      .command(verb)
      .description(
        verb === 'print' ? 'the commands that would make them' : 'make those that are missing',
      )
      .addOption(configOption())
      .option('--partitions <n>', 'of a topic that is made', '12')
      .option('--replication-factor <n>', 'of a topic that is made', '1')
      .option('--past', 'an input that takes a past stream: CreateTime, kept for ever')
      .action(does(async () => (await import('./topics.ts')).topics.bind(undefined, io, verb)))
  }
  program
    .command('healthcheck')
    .description('ask a running service whether it is alive (for containers)')
    .option('--url <url>', 'of its probe', 'http://127.0.0.1:9464/livez')
    .action(does(async () => (await import('./healthcheck.ts')).healthcheck.bind(undefined, io)))
}

function addPolicy(program: Command, io: Io, does: Does): void {
  const config = program.command('config').description('settings and policies, without a service')
  config
    .command('validate')
    .description('is it right? Every mistake with file and line')
    .argument('[file]', 'settings, or a policy')
    .addOption(configOption())
    .addOption(policyOption())
    .addHelpText('after', `\nExits ${EXIT.config} when it is wrong.`)
    .action(does(async () => (await import('./config.ts')).validate.bind(undefined, io)))
  config
    .command('print')
    .description('what holds after files, environment and defaults, without secrets')
    .addOption(configOption())
    .addOption(policyOption())
    .action(does(async () => (await import('./config.ts')).print.bind(undefined, io)))
  config
    .command('schema')
    .description('JSON Schema of the files, for editors')
    .addArgument(new Argument('[which]', 'of one file alone').choices(['service', 'policy']))
    .action(does(async () => (await import('./config.ts')).schema.bind(undefined, io)))
  config
    .command('init')
    .description('write a file with every setting, its default and what it is for')
    .argument('[file]', 'where to; - for standard output', 'forewarn.yaml')
    .action(does(async () => (await import('./config.ts')).init.bind(undefined, io)))
  program
    .command('detectors')
    .description('the list: what each warns of, its stages, its limits and whose they are')
    .addOption(configOption())
    .addOption(policyOption())
    .option('--json', 'with limits and ladders as the policies write them')
    .action(does(async () => (await import('./detectors.ts')).detectors.bind(undefined, io)))
}
