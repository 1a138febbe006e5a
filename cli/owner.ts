import { chownSync } from 'node:fs'

/** Owner and group of files, as numbers. */
export type Owner = { uid: number; gid: number }

/** Gives files to somebody else; for nobody, and when we may not, they stay as they are. */
export function giveTo(owner: Owner | undefined, ...files: string[]): void {
  if (!owner || process.getuid?.() !== 0) return
  for (const file of files) chownSync(file, owner.uid, owner.gid)
}

/** Who has called sudo, when somebody has. */
export function sudoUser(env: NodeJS.ProcessEnv = process.env): Owner | undefined {
  return env.SUDO_UID && env.SUDO_GID ? { uid: Number(env.SUDO_UID), gid: Number(env.SUDO_GID) } : undefined
}
