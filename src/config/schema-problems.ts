/** From what a schema says to what an operator reads: line, path in dots, nearest known key. */
import type { z } from 'zod'
import { didYouMean } from './problem.ts'
import type { ConfigProblem } from './problem.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** What is wrong at a path below the checked value, before anyone knows which file said it. */
export type Fault = Readonly<{ path: Path; message: string; hint?: string }>

/** One fault for each unknown key, and for everything else one for each issue. */
export function faultsOf(schema: z.core.$ZodType, error: z.core.$ZodError): Fault[] {
  return error.issues.flatMap((issue) => faultsIn(issue, [], schema))
}

function faultsIn(issue: z.core.$ZodIssue, above: Path, schema: z.core.$ZodType): Fault[] {
  const path = [...above, ...issue.path.map((it) => (typeof it === 'symbol' ? String(it) : it))]
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(schema, path)
      return issue.keys.map((key) => {
        return { path: [...path, key], message: 'unknown key', ...didYouMean(key, known) }
      })
    }
    case 'invalid_union': {
      // The branch that was meant is the one whose kind of value it is.
      const meant = issue.errors.find((branch) => !branch.some(isOfAnotherKind))
      return (
        meant?.flatMap((it) => faultsIn(it, path, schema)) ?? [{ path, message: issue.message }]
      )
    }
    case 'invalid_key':
      return [{ path, message: issue.issues[0]?.message ?? issue.message }]
    case 'invalid_type':
      return [{ path, ...typeFault(issue) }]
    default:
      return [{ path, message: issue.message }]
  }
}

function isOfAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0
}

function typeFault({ expected, message }: z.core.$ZodIssueInvalidType): Omit<Fault, 'path'> {
  if (message.endsWith('received undefined')) return { message: `is missing: expected ${expected}` }
  const isUnquoted = expected === 'string' && message.endsWith('received number')
  return isUnquoted ? { message, hint: 'put it in quotes' } : { message }
}

export function problemAt(file: YamlFile, { path, ...said }: Fault): ConfigProblem {
  return { file: file.shown, line: file.lineOf(path), path: path.join('.'), ...said }
}

/** The keys that an object at this path may have; none when the schema does not tell. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  let found: readonly z.core.$ZodType[] = [schema]
  for (const step of path) found = found.flatMap((it) => inside(it, step))
  return found.flatMap((it) => bare(it)).flatMap((it) => Object.keys(shapeOf(it) ?? {}))
}

/** What stands at a key or an index. */
export function inside(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  return bare(schema).flatMap((it) => {
    const { def } = it._zod as z.core.$ZodTypes['_zod']
    const shape = shapeOf(it)
    if (shape !== undefined) return Object.hasOwn(shape, step) ? [shape[step]!] : []
    if (def.type === 'array') return [def.element]
    if (def.type === 'record') return [def.valueType]
    return []
  })
}

/** Without defaults and the like, and one for each branch of a union. */
export function bare(schema: z.core.$ZodType): z.core.$ZodType[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod']
  if (def.type === 'union') return def.options.flatMap(bare)
  if (def.type === 'pipe') return bare(def.in)
  if ('innerType' in def) return bare(def.innerType)
  return [schema]
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const { def } = schema._zod as z.core.$ZodTypes['_zod']
  return def.type === 'object' ? def.shape : undefined
}
