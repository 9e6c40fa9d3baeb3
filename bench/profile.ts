/** Where a process spends its CPU: V8's sampling profile, and its largest costs by name. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { fileURLToPath } from 'node:url'

export type Cost = Readonly<{ name: string; share: number }>
export type Costs = Readonly<{
  functions: readonly Cost[]
  files: readonly Cost[]
  /** A folder of ours, a package, or V8 itself. */
  parts: readonly Cost[]
}>

/** The part of a `.cpuprofile` that is read here. */
export type CpuProfile = Readonly<{
  nodes: readonly Readonly<{
    id: number
    callFrame: Readonly<{ functionName: string; url: string; lineNumber: number }>
  }>[]
  samples?: readonly number[]
  timeDeltas?: readonly number[]
}>

const SAMPLE_US = 500
const IDLE = new Set(['(idle)', '(root)'])

export async function profiled<T>(run: () => Promise<T>, file: string): Promise<T> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US })
  await session.post('Profiler.start')
  try {
    return await run()
  } finally {
    const { profile } = await session.post('Profiler.stop')
    writeFileSync(file, JSON.stringify(profile))
    session.disconnect()
  }
}

/** Self time, as shares of the time that is not idle; the largest first. */
export function costsOf({ nodes, samples = [], timeDeltas = [] }: CpuProfile): Costs {
  const spent = new Map<number, number>()
  for (const [at, id] of samples.entries()) {
    spent.set(id, (spent.get(id) ?? 0) + Math.max(0, timeDeltas[at] ?? 0))
  }
  const functions = new Map<string, number>()
  const files = new Map<string, number>()
  const parts = new Map<string, number>()
  let busy = 0
  for (const { id, callFrame } of nodes) {
    const us = spent.get(id) ?? 0
    if (us === 0 || IDLE.has(callFrame.functionName)) continue
    busy += us
    const { functionName, url, lineNumber } = callFrame
    const file = fileOf(url)
    const name = functionName || `line ${lineNumber + 1}`
    add(functions, file === '' ? name : `${name} (${file})`, us)
    add(files, file === '' ? partOf(functionName, file) : file, us)
    add(parts, partOf(functionName, file), us)
  }
  return {
    functions: largest(functions, busy),
    files: largest(files, busy),
    parts: largest(parts, busy),
  }
}

function add(sums: Map<string, number>, name: string, more: number): void {
  sums.set(name, (sums.get(name) ?? 0) + more)
}

function largest(sums: ReadonlyMap<string, number>, of: number): Cost[] {
  return [...sums].toSorted(([, a], [, b]) => b - a).map(([name, us]) => ({ name, share: us / of }))
}

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** From the root of the project, or of a package, on; empty for what V8 and its builtins do. */
function fileOf(url: string): string {
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url).replace(ROOT, '')
  return path.split('node_modules/').at(-1) ?? path
}

/** `src/core`, `kafkajs`, `node`, or what V8 itself does. */
function partOf(functionName: string, file: string): string {
  if (file === '') return functionName.startsWith('(') ? functionName : 'builtins of V8'
  if (file.startsWith('node:')) return 'node'
  const words = file.split('/')
  return words[0] === 'src' ? words.slice(0, 2).join('/') : (words[0] ?? file)
}
