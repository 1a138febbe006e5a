import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** The packages asked for; everything else is what they depend on. */
const WANTED = ['asterisk', 'asterisk-modules']

/** Dependencies of install scripts, of sounds and of modules that the tests never load: not fetched. */
const NOT_NEEDED = new RegExp(`^(${[
  'adduser', 'asterisk-config', 'asterisk-core-sounds', 'base-passwd', 'debconf', 'dirmngr', 'freetds', 'gnupg', 'gpg',
  'libasound', 'libcodec2', 'libdb5', 'libicu', 'libjack', 'libopus', 'libpam', 'libpci', 'libperl', 'libportaudio',
  'libpq', 'libradcli', 'libsemanage', 'libsensors', 'libsepol', 'libsnmp', 'libsybdb', 'libtiff', 'libunbound',
  'login', 'passwd', 'pci', 'perl', 'pinentry', 'readline-common', 'tzdata',
].join('|')})`)

/** What a running Asterisk reads of the unpacked tree; the rest is thrown away. */
const KEPT = { '.': ['usr'], usr: ['lib', 'lib64', 'sbin', 'share'], 'usr/sbin': ['asterisk'], 'usr/share': ['asterisk'], 'usr/share/asterisk': ['documentation'] }

/** Where each distribution keeps a current Asterisk. Debian's stable releases have none; `sid` always has. */
const ARCHIVES: Record<string, { suite?: string, components: string, keyring: string }> = {
  debian: { suite: 'sid', components: 'main', keyring: '/usr/share/keyrings/debian-archive-keyring.gpg' },
  ubuntu: { components: 'main universe', keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg' },
}

/**
 * Fetches Asterisk and its libraries with the machine's apt, into private folders only, and unpacks
 * them to `root`. Needs no root rights, installs nothing, and trusts only the distribution's own keys.
 * `root` appears complete or not at all: the work is done in `workshop` and renamed at the end.
 */
export async function unpackFromDebian(root: string, workshop: string, log: (line: string) => void): Promise<void> {
  const tree = join(workshop, 'tree')
  const packages = join(workshop, 'packages')
  for (const folder of ['lists/partial', 'cache/archives/partial', 'packages', 'tree']) await mkdir(join(workshop, folder), { recursive: true })
  await writeFile(join(workshop, 'status'), '')
  await writeFile(join(workshop, 'sources.list'), `${await archiveLine()}\n`)

  log('reading the package lists')
  await apt(workshop, ['update', '-qq'])
  const listed = await apt(workshop, ['install', '--print-uris', '-y', '-qq', ...WANTED])
  const names = [...listed.matchAll(/^'\S+' ([^_\s]+)_/gm)].map((match) => match[1] ?? '').filter((name) => !NOT_NEEDED.test(name))
  if (names.length < WANTED.length) throw new Error('apt named no packages for asterisk')

  log(`fetching ${names.length} packages`)
  await apt(workshop, ['download', '-qq', ...names], packages)
  log('unpacking')
  for (const file of await readdir(packages)) await execute('dpkg-deb', ['-x', join(packages, file), tree])
  for (const [folder, kept] of Object.entries(KEPT)) await keepOnly(join(tree, folder), kept)
  await rename(tree, root).catch((error: NodeJS.ErrnoException) => {
    // Another process was quicker: its tree is as good as ours.
    if (!existsSync(root)) throw error
  })
}

/** One line of a sources.list, from the mirror that the machine itself uses. */
async function archiveLine(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(release)?.[1] ?? ''
  const distribution = field('ID')
  const archive = ARCHIVES[distribution]
  if (archive === undefined) throw new Error(`Asterisk can be fetched on Debian and Ubuntu only, this is ${distribution || 'neither'}`)
  const suites = [field('VERSION_CODENAME'), 'stable', 'testing', 'unstable', 'sid']

  // What `update` would fetch is named without fetching it, whatever the format of the machine's sources.
  const { stdout } = await execute('apt-get', ['update', '--print-uris', '-o', 'Debug::NoLocking=1'])
    .catch(() => { throw new Error('apt-get does not run here') })
  const own = [...stdout.matchAll(/^'(\S+\/)dists\/([^/]+)\/InRelease'/gm)]
    .map(([, mirror = '', suite = '']) => ({ mirror, suite }))
    .find(({ mirror, suite }) => mirror.includes(distribution) && suites.includes(suite))
  if (own === undefined) throw new Error(`apt's sources name no ${distribution} mirror`)
  const trust = existsSync(archive.keyring) ? `[signed-by=${archive.keyring}] ` : ''
  return `deb ${trust}${own.mirror} ${archive.suite ?? own.suite} ${archive.components}`
}

/** apt-get with lists, cache, state and sources in `workshop`; as if nothing were installed yet. */
async function apt(workshop: string, command: string[], cwd = workshop): Promise<string> {
  const settings = [
    `Dir::State=${workshop}`, `Dir::State::Lists=${join(workshop, 'lists')}`, `Dir::State::status=${join(workshop, 'status')}`,
    `Dir::Cache=${join(workshop, 'cache')}`,
    `Dir::Etc::sourcelist=${join(workshop, 'sources.list')}`, 'Dir::Etc::sourceparts=/dev/null', 'Dir::Etc::preferences=/dev/null', 'Dir::Etc::preferencesparts=/dev/null',
    'Acquire::Languages=none', 'Acquire::Retries=2', 'Acquire::http::Timeout=15', 'Acquire::https::Timeout=15',
    'APT::Update::Error-Mode=any', 'APT::Install-Recommends=false', 'APT::Sandbox::User=', 'Debug::NoLocking=1',
  ]
  const { stdout } = await execute('apt-get', [...settings.flatMap((setting) => ['-o', setting]), ...command], { cwd, timeout: 300_000, maxBuffer: 2 ** 24 })
    .catch((error: Error & { stderr?: string, killed?: boolean }) => {
      const said = error.stderr?.split('\n').find((line) => line.startsWith('E:')) ?? (error.killed ? 'took more than 300 s' : error.message)
      throw new Error(`apt-get ${command[0]}: ${said}`)
    })
  return stdout
}

async function keepOnly(folder: string, kept: string[]): Promise<void> {
  for (const entry of await readdir(folder)) {
    if (!kept.includes(entry)) await rm(join(folder, entry), { recursive: true, force: true })
  }
}
