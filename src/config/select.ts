/** Which profile judges an account: the most specific `select` that names it. */
import type { Profile, Selector } from '../core/policy.ts'
import type { Chain } from './policy-files.ts'
import { firstMcc, lastMcc } from './forms.ts'
import type { Select } from './policy-schema.ts'
import type { ConfigProblem } from './problem.ts'
import { problemAt } from './schema-problems.ts'

type Choice = Readonly<{ select: Select; profile: Profile }>

/** Remembers its answers: as many as the selects tell accounts apart, whatever senders write. */
export function createSelection(
  choices: readonly Choice[],
  fallback: Profile,
  countryDefault: string | undefined,
): (who: Selector) => Profile {
  const ranked = choices.toSorted((a, b) => weight(b.select) - weight(a.select))
  const tenants = new Set(choices.flatMap(({ select }) => select.tenant ?? []))
  const countries = new Set(choices.flatMap(({ select }) => select.country ?? []))
  const hasMcc = choices.some(({ select }) => select.mcc !== undefined)
  const answers = new Map<string, Profile>()

  return function profileOf({ tenant, country = countryDefault, mcc = '' }) {
    const who = {
      tenant: tenants.has(tenant) ? tenant : '',
      country: country !== undefined && countries.has(country) ? country : '',
      mcc: hasMcc && /^\d{4}$/.test(mcc) ? mcc : '',
    }
    const key = `${who.country}${who.mcc}/${who.tenant}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const profile = ranked.find(({ select }) => names(select, who))?.profile ?? fallback
    answers.set(key, profile)
    return profile
  }
}

/** Two selects of one weight that can both name an account: nobody could say which judges it. */
export function tiesIn(chains: readonly Chain[]): ConfigProblem[] {
  const choosing = chains.map(({ own }) => own).filter(({ said }) => said.select !== undefined)
  return choosing.flatMap(({ yaml, said }, at) => {
    const rival = choosing.slice(0, at).find((it) => isTie(it.said.select!, said.select!))
    if (rival === undefined) return []
    const message = `an account may be named here and in ${rival.yaml.shown} alike`
    return [problemAt(yaml, { path: ['select'], message })]
  })
}

/** Tenant over MCC over country: each outweighs all below it. */
function weight({ tenant, mcc, country }: Select): number {
  return (tenant ? 4 : 0) + (mcc ? 2 : 0) + (country ? 1 : 0)
}

type Who = Readonly<{ tenant: string; country: string; mcc: string }>

function names(select: Select, who: Who): boolean {
  if (select.tenant?.includes(who.tenant) === false) return false
  if (select.country?.includes(who.country) === false) return false
  return select.mcc?.some((range) => overlap(range, who.mcc)) !== false
}

function isTie(a: Select, b: Select): boolean {
  if (weight(a) !== weight(b)) return false
  const isSame = (one: readonly string[] = [''], other: readonly string[] = ['']) =>
    one.some((it) => other.includes(it))
  const hasMcc = a.mcc?.some((one) => b.mcc?.some((other) => overlap(one, other))) !== false
  return isSame(a.tenant, b.tenant) && isSame(a.country, b.country) && hasMcc
}

/** Of two ranges, or a range and a code. An account without a code is in none. */
function overlap(a: string, b: string): boolean {
  return firstMcc(a) <= lastMcc(b) && firstMcc(b) <= lastMcc(a)
}
