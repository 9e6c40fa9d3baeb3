/** `forewarn detectors`: the list, as the policies have it: kind, stages, limits and whose they are. */
import type { Entry } from '../config/effective-profile.ts'
import type { LoadedProfile } from '../config/load-policy.ts'
import type { AnyDetector } from '../core/detector.ts'
import { ONLY_LADDER } from '../core/detector.ts'
import { STAGES } from '../core/warning.ts'
import { DETECTORS } from '../detectors/index.ts'
import { warnsOf } from './detector-words.ts'
import { EXIT } from './io.ts'
import type { ExitCode, Io } from './io.ts'
import { loadSettings } from './settings.ts'

export type DetectorsOptions = Readonly<{ config?: string; policy?: string; json?: boolean }>

/** One detector as some profiles have it alike. */
type Row = Readonly<{
  name: string
  version: number
  kind: AnyDetector['kind']
  warnsWhen: string
  armed: boolean
  profiles: readonly string[]
  /** As written; key of the source in docs/detectors.md. */
  limits: Entry['limits']
  ladders: Entry['ladders']
  source: string
}>

export async function detectors(io: Io, { json, ...paths }: DetectorsOptions): Promise<ExitCode> {
  const settings = loadSettings(io, paths)
  if (settings === undefined) return EXIT.config
  const rows = DETECTORS.flatMap((it) => rowsOf(it, settings.loaded.profiles))
  const text = json === true ? JSON.stringify(rows, undefined, 2) : table(rows.flatMap(linesOf))
  io.stdout.write(`${text}\n`)
  return EXIT.ok
}

function rowsOf({ name, version, kind }: AnyDetector, all: readonly LoadedProfile[]): Row[] {
  const alike = Map.groupBy(all, ({ entries }) => JSON.stringify(entries[name]))
  return [...alike.values()].map((profiles): Row => {
    const { armed, limits, ladders, source } = profiles[0]!.entries[name]!
    const names = profiles.map((it) => it.name)
    return {
      ...{ name, version, kind, warnsWhen: warnsOf(name), armed, profiles: names },
      ...{ limits, ladders, source },
    }
  })
}

const HEADS = ['detector', 'kind', 'clock', ...STAGES, 'source', 'profiles', 'warns when']

/** A line for each ladder; what they share stands on the first. */
function linesOf({ name, kind, armed, source, profiles, ladders, warnsWhen }: Row): string[][] {
  return Object.entries(ladders).map(([ladder, steps], at) => {
    const clock = ladder === ONLY_LADDER ? '' : ladder
    const stages = STAGES.map((stage) => stepText((steps as Record<string, unknown>)[stage]))
    const shared = [source, `${profiles.join(', ')}${armed ? '' : ' (off)'}`, warnsWhen]
    return at === 0
      ? [name, kind, clock, ...stages, ...shared]
      : ['', '', clock, ...stages, ...shared.map(() => '')]
  })
}

/** As the policy writes it, without its brackets. */
function stepText(step: unknown): string {
  if (Array.isArray(step)) return step.map(stepText).join(' or ')
  if (typeof step === 'string') return step
  if (typeof step !== 'object' || step === null) return ''
  return Object.entries(step)
    .map((pair) => pair.join(' '))
    .join(' ')
}

function table(lines: readonly (readonly string[])[]): string {
  const all = [HEADS.map((head) => head.toUpperCase()), ...lines]
  const widths = HEADS.map((_, column) => Math.max(...all.map((line) => line[column]!.length)))
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
