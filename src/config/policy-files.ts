/** From the paths an operator names to profiles, each with the chain of those it extends. */
import { dirname, join, resolve } from 'node:path'
import { kindOf, shippedPath, shownPath, yamlFilesIn } from './paths.ts'
import { policyForm, policySalvage } from './policy-schema.ts'
import type { PolicyFile } from './policy-schema.ts'
import { didYouMean } from './problem.ts'
import type { ConfigProblem } from './problem.ts'
import { faultsOf, problemAt } from './schema-problems.ts'
import type { Fault } from './schema-problems.ts'
import { readYamlFile } from './yaml-file.ts'
import type { YamlFile } from './yaml-file.ts'

/** One policy file: what is right in it, and what the schema found wrong. */
export type Layer = Readonly<{ yaml: YamlFile; said: PolicyFile; faults: readonly Fault[] }>

/** A profile and what it extends. */
export type Chain = Readonly<{
  own: Layer
  /** Itself first; none without the one that it extends. */
  layers: readonly Layer[]
  /** Not, when a base is missing or goes round: what the base would say is unknown. */
  isWhole: boolean
}>

// More is a folder named by mistake.
const FILES_MAX = 1_000

/** Each named file's profile, as far as it can be read, and all that is wrong on the way. */
export function readChains(
  paths: readonly string[],
): Readonly<{ chains: readonly Chain[]; problems: readonly ConfigProblem[] }> {
  const problems: ConfigProblem[] = []
  const { read, baseOf } = createLayers(problems)
  // A base that nobody named is no profile of its own: it judges nobody.
  const named = filesOf(paths, problems).flatMap((path) => read(path) ?? [])
  return { chains: named.map((layer) => chainOf(layer, baseOf, problems)), problems }
}

/** Layers by profile: the named ones first, then their bases as they are asked for. */
function createLayers(problems: ConfigProblem[]): Readonly<{
  read: (path: string) => Layer | undefined
  baseOf: (layer: Layer) => Layer | undefined
}> {
  const layers = new Map<string, Layer>()
  let isAllRead = true

  function read(path: string): Layer | undefined {
    const layer = readLayer(path, problems)
    if (layer === undefined) isAllRead = false
    if (layer === undefined) return undefined
    const other = layers.get(layer.said.profile)
    if (other === undefined) {
      layers.set(layer.said.profile, layer)
      return layer
    }
    problems.push(twice(layer, other))
    return undefined
  }

  function baseOf({ yaml, said }: Layer): Layer | undefined {
    if (said.extends === undefined) return undefined
    const known = layers.get(said.extends)
    if (known !== undefined) return known
    const place = placeOf(said.extends, yaml)
    const base = place === undefined ? undefined : read(place)
    if (base?.said.profile === said.extends) return base
    // A file that could not be read may be the one that is looked for.
    if (!isAllRead) return undefined
    const fault = { path: ['extends'], message: `there is no profile "${said.extends}"` }
    problems.push(problemAt(yaml, { ...fault, ...didYouMean(said.extends, [...layers.keys()]) }))
    return undefined
  }
  return { read, baseOf }
}

/** `--policy FILE` brings what it extends: its neighbour, else what is shipped. */
function placeOf(profile: string, { path }: YamlFile): string | undefined {
  const name = `${profile}.yaml`
  const places = [join(dirname(path), name), shippedPath('policies', name)]
  return places.find((it) => kindOf(it) === 'file')
}

function twice({ yaml, said }: Layer, other: Layer): ConfigProblem {
  const there = `${other.yaml.shown}:${other.yaml.lineOf(['profile'])}`
  return problemAt(yaml, {
    path: ['profile'],
    message: `"${said.profile}" stands in ${there} already`,
  })
}

function chainOf(
  own: Layer,
  baseOf: (layer: Layer) => Layer | undefined,
  problems: ConfigProblem[],
): Chain {
  const layers = [own]
  for (let next = baseOf(own); next !== undefined; next = baseOf(next)) {
    if (layers.includes(next)) {
      const names = [...layers, next].map((it) => it.said.profile).join(' → ')
      problems.push(problemAt(own.yaml, { path: ['extends'], message: `goes round: ${names}` }))
      return { own, layers, isWhole: false }
    }
    layers.push(next)
  }
  const { said, faults } = layers.at(-1)!
  const hasBase = said.extends !== undefined || faults.some(({ path }) => path[0] === 'extends')
  return { own, layers, isWhole: !hasBase }
}

function readLayer(path: string, problems: ConfigProblem[]): Layer | undefined {
  const yaml = readYamlFile(path)
  if (yaml.kind === 'wrong') {
    problems.push(...yaml.problems)
    return undefined
  }
  const strict = policyForm.safeParse(yaml.value)
  const faults = strict.success ? [] : faultsOf(policyForm, strict.error)
  problems.push(...faults.map((fault) => problemAt(yaml, fault)))
  const said = policySalvage.safeParse(yaml.value)
  if (!said.success || said.data.profile === '') return undefined
  return { yaml, said: said.data, faults }
}

function filesOf(paths: readonly string[], problems: ConfigProblem[]): string[] {
  const files = new Set<string>()
  for (const path of paths) {
    const found = kindOf(path) === 'folder' ? yamlFilesIn(path) : [path]
    for (const file of found) files.add(resolve(file))
    const fault = { file: shownPath(path), path: '' }
    if (found.length === 0) problems.push({ ...fault, message: 'holds no .yaml file' })
    if (files.size <= FILES_MAX) continue
    problems.push({ ...fault, message: `holds over ${FILES_MAX} policies` })
    return []
  }
  return [...files]
}
