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

export function readChains(
  paths: readonly string[],
): Readonly<{ chains: readonly Chain[]; problems: readonly ConfigProblem[] }> {
  const problems: ConfigProblem[] = []
  const layers = new Map<string, Layer>()
  let isAllRead = true

  function read(path: string): Layer | undefined {
    const layer = readLayer(path, problems)
    if (layer === undefined) isAllRead = false
    if (layer === undefined) return undefined
    const { profile } = layer.said
    const other = layers.get(profile)
    if (other === undefined) {
      layers.set(profile, layer)
      return layer
    }
    const there = `${other.yaml.shown}:${other.yaml.lineOf(['profile'])}`
    const message = `"${profile}" stands in ${there} already`
    problems.push(problemAt(layer.yaml, { path: ['profile'], message }))
    return undefined
  }

  const named = filesOf(paths, problems).flatMap((path) => read(path) ?? [])

  function baseOf({ yaml, said }: Layer): Layer | undefined {
    const name = said.extends
    if (name === undefined) return undefined
    const known = layers.get(name)
    if (known !== undefined) return known
    // `--policy FILE` brings what it extends: its neighbour, else what is shipped.
    const places = [
      join(dirname(yaml.path), `${name}.yaml`),
      shippedPath('policies', `${name}.yaml`),
    ]
    const place = places.find((it) => kindOf(it) === 'file')
    const base = place === undefined ? undefined : read(place)
    if (base?.said.profile === name) return base
    // A file that could not be read may be the one that is looked for.
    if (isAllRead) {
      const fault = { path: ['extends'], message: `there is no profile "${name}"` }
      problems.push(problemAt(yaml, { ...fault, ...didYouMean(name, [...layers.keys()]) }))
    }
    return undefined
  }

  // A base that nobody named is no profile of its own: it judges nobody.
  return { chains: named.map((layer) => chainOf(layer, baseOf, problems)), problems }
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
