/**
 * What does not hold together in a dialplan: jumps to what is not there, and extensions whose last line leads nowhere.
 * Targets with a variable in them are not followed.
 */
export function deadEnds(text: string): string[] {
  const extensions = read(text)
  const has = (context: string, name: string): boolean =>
    extensions.some((one) => one.context === context && (one.name === name || (one.name.startsWith('_') && context !== 'callwright-in')))
  return extensions.flatMap(({ context, name, lines }) => {
    const labels = new Set(lines.flatMap(({ label }) => label ?? []))
    const wrong = lines.flatMap(({ application }) => targets(application).flatMap((target) => {
      if (target.includes('${')) return []
      const [priority = '', exten = name, where = context] = target.split(',').reverse()
      if (/^\d+$/.test(priority)) return has(where, exten) ? [] : [`there is no ${where},${exten}`]
      return labels.has(priority) ? [] : [`there is no label ${priority}`]
    }))
    const last = lines.at(-1)!.application
    const ends = /^(Goto|Hangup|Return)\(/.test(last) || /^GotoIf\(.*\?[^:]+:[^:]+\)$/.test(last)
    return [...wrong, ...(ends ? [] : [`it ends with ${last}`])].map((words) => `${context},${name}: ${words}`)
  })
}

type Extension = { context: string; name: string; lines: { label?: string; application: string }[] }

function read(text: string): Extension[] {
  const extensions: Extension[] = []
  let context = ''
  for (const line of text.split('\n')) {
    const [, header] = /^\[([^\]]+)\]$/.exec(line) ?? []
    const [, name, first] = /^exten => ([^,]+),1,(.*)$/.exec(line) ?? []
    const [, label, next] = /^ same => n(?:\(([^)]+)\))?,(.*)$/.exec(line) ?? []
    if (header !== undefined) context = header
    else if (name !== undefined) extensions.push({ context, name, lines: [{ application: first! }] })
    else if (next !== undefined) extensions.at(-1)!.lines.push({ ...(label === undefined ? {} : { label }), application: next })
    else if (line !== '' && !line.startsWith(';')) throw new Error(`this is no line of a dialplan: ${line}`)
  }
  return extensions
}

/** Where a line may go to. */
function targets(application: string): string[] {
  const [, goto] = /^Goto\((.*)\)$/.exec(application) ?? []
  if (goto !== undefined) return [goto]
  const [, gosub] = /^Gosub\(([^(]*)(?:\(.*\))?\)$/.exec(application) ?? []
  if (gosub !== undefined) return [gosub]
  const [, ways] = /^GotoIf\(\$\[.*\]\?([^?]*)\)$/.exec(application) ?? []
  return ways === undefined ? [] : ways.split(':')
}
