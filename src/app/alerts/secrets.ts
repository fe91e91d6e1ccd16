/** The secrets of channels: from a file or from the environment, and struck out of everything that is written from then on. */
import { readFileSync } from 'node:fs'
import { keepSecret } from '../../adapters/pino/redact.ts'
import { exitCodes, Problem } from '../problem.ts'

/** Where one secret may be; at most one of them is set. */
export interface SecretPlace {
  /** The setting's name without `File` and `Env`, with its path, such as `alerts.channels.0.token`. */
  readonly setting: string
  readonly file: string | undefined
  readonly variable: string | undefined
  /** Written into the configuration itself, where that is allowed. */
  readonly plain?: string | undefined
}

const longest = 4_096

const wrong = (sentence: string): Problem => new Problem(exitCodes.configuration, sentence)

const readSecret = ({ setting, file, variable, plain }: SecretPlace, env: NodeJS.ProcessEnv): string | undefined => {
  if (file !== undefined) {
    try {
      return readFileSync(file, 'utf8').trim()
    } catch (error) {
      throw wrong(`${setting}File names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): correct the name, or the rights of the file`)
    }
  }
  if (variable === undefined) return plain
  const value = env[variable]?.trim()
  if (value === undefined) throw wrong(`${setting}Env names the environment variable ${variable}, which is not set: set it, or name a file with ${setting}File`)
  return value
}

/** Of an address also the part that makes it a secret. */
const forget = (secret: string): void => {
  keepSecret(secret)
  if (!URL.canParse(secret)) return
  const { pathname, search } = new URL(secret)
  keepSecret(pathname)
  keepSecret(`${pathname}${search}`)
}

/**
 * The secret; undefined when no place is named for it.
 * @throws Problem (78) when it is named twice, or cannot be read, or is empty
 */
export const secretIn = (place: SecretPlace, env: NodeJS.ProcessEnv): string | undefined => {
  const { setting, file, variable, plain } = place
  if ([file, variable, plain].filter((one) => one !== undefined).length > 1) throw wrong(`${setting} is set in more than one way: keep one of ${plain === undefined ? '' : `${setting}, `}${setting}File and ${setting}Env`)
  const secret = readSecret(place, env)
  if (secret === undefined) return undefined
  if (secret === '' || secret.length > longest || /[\r\n]/.test(secret)) throw wrong(`${file ?? variable ?? setting} holds no ${setting.split('.').at(-1) ?? 'secret'} of one line: write it there, alone`)
  if (plain === undefined) forget(secret)
  return secret
}

/**
 * The secret that must be there.
 * @throws Problem (78), also when no place is named for it
 */
export const neededSecret = (place: SecretPlace, env: NodeJS.ProcessEnv): string => {
  const secret = secretIn(place, env)
  if (secret === undefined) throw wrong(`${place.setting} is missing: name a file with ${place.setting}File or an environment variable with ${place.setting}Env`)
  return secret
}
