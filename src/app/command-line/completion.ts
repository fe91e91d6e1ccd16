/** Completion for shells, made from the commands as they are declared: what the program takes, and nothing else. */
import type { Command, Option } from 'commander'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

interface Entry {
  /** The commands before it, such as `config`; empty for the program itself. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly says: string }[]
  readonly choices: readonly { readonly option: string; readonly values: readonly string[] }[]
  /** Options whose value is a file. */
  readonly files: readonly string[]
}

const namesOf = ({ short, long }: Option): readonly string[] => [short, long].flatMap((name) => name ?? [])
const takesFile = ({ flags }: Option): boolean => /<(file|folder)>/.test(flags)

const entryOf = (command: Command, path: string): Entry => {
  const help = command.createHelp()
  const options = help.visibleOptions(command)
  return {
    path,
    words: [
      ...help.visibleCommands(command).map((inner) => ({ word: inner.name(), says: inner.description() })),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices.map((word) => ({ word, says: '' }))),
      ...options.flatMap((option) => namesOf(option).map((word) => ({ word, says: option.description }))),
    ],
    choices: options.flatMap((option) => (option.argChoices === undefined ? [] : namesOf(option).map((name) => ({ option: name, values: option.argChoices ?? [] })))),
    files: options.filter(takesFile).flatMap(namesOf),
  }
}

/** Every command of the program with what may follow it, the program itself first. */
const entriesOf = (command: Command, path = ''): readonly Entry[] => [entryOf(command, path), ...command.commands.flatMap((inner) => entriesOf(inner, path === '' ? inner.name() : `${path} ${inner.name()}`))]

const bash = (entries: readonly Entry[]): string => `# nightdesk completion for bash: source <(nightdesk completion bash)
_nightdesk() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case " ${entries.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} " in
      *" \${path:+$path/}$word "*) path="\${path:+$path/}$word" ;;
    esac
  done
  case "$path" in
${entries.map(({ path, words }) => `    "${path.replaceAll(' ', '/')}") words="${words.map(({ word }) => word).join(' ')}" ;;`).join('\n')}
  esac
  case "$path $previous" in
${entries.flatMap(({ path, choices }) => choices.map(({ option, values }) => `    "${path.replaceAll(' ', '/')} ${option}") words="${values.join(' ')}" ;;`)).join('\n')}
${entries.flatMap(({ path, files }) => files.map((option) => `    "${path.replaceAll(' ', '/')} ${option}") COMPREPLY=($(compgen -f -- "$current")); return ;;`)).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _nightdesk nightdesk`

/** The same function in zsh, by way of its understanding of bash's. */
const zsh = (entries: readonly Entry[]): string => `#compdef nightdesk
# nightdesk completion for zsh: source <(nightdesk completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(entries)}`

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`

/** Holds while these commands were typed, and none of those below them. */
const condition = ({ path, words }: Entry): string => {
  const inner = words.flatMap(({ word }) => (word.startsWith('-') ? [] : [word]))
  if (path === '') return '__fish_use_subcommand'
  const seen = path.split(' ').map((name) => `__fish_seen_subcommand_from ${name}`)
  return [...seen, ...(inner.length === 0 ? [] : [`not __fish_seen_subcommand_from ${inner.join(' ')}`])].join('; and ')
}

const fishOption = (entry: Entry, word: string, says: string): string => {
  const values = entry.choices.find(({ option }) => option === word)?.values
  const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`
  const takes = values !== undefined ? ` -x -a ${quoted(values.join(' '))}` : entry.files.includes(word) ? ' -r -F' : ''
  return `complete -c nightdesk -f -n ${quoted(condition(entry))} ${what}${takes} -d ${quoted(says)}`
}

const fish = (entries: readonly Entry[]): string =>
  [
    '# nightdesk completion for fish: nightdesk completion fish | source',
    ...entries.flatMap((entry) => entry.words.map(({ word, says }) => (word.startsWith('-') ? fishOption(entry, word, says) : `complete -c nightdesk -f -n ${quoted(condition(entry))} -a ${quoted(word)} -d ${quoted(says)}`))),
  ].join('\n')

const writers: Readonly<Record<Shell, (entries: readonly Entry[]) => string>> = { bash, zsh, fish }

/** The script that a shell reads. */
export const completionFor = (shell: Shell, program: Command): string => writers[shell](entriesOf(program))
