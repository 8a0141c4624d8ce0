import type { Config } from '@avouch/core/config'
import type { Installation } from '@avouch/core/installation'

/** Opens the installation for one act: for commands that can do without one otherwise. */
export async function within<T>(config: Config, act: (installation: Installation) => Promise<T>): Promise<T> {
  const { openInstallation } = await import('@avouch/core/open')
  const { discoverCommitments } = await import('@avouch/core/discover')
  const installation = await openInstallation(config, { commitments: await discoverCommitments() })
  try {
    return await act(installation)
  } finally {
    await installation.close()
  }
}
