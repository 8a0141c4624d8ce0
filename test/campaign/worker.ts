import { openCampaign, runCampaign } from '@avouch/core/campaign'
import { loadConfig } from '@avouch/core/config'
import { openInstallation } from '@avouch/core/open'
import { faultCampaign } from './definition.ts'

// A process that goes on with a campaign until it is killed or done: AVOUCH_HOME and AVOUCH_DATABASE_URL say where.
const [campaign, url, repetitions] = process.argv.slice(2)
const installation = await openInstallation(loadConfig(), { commitments: [], seal: true })
const definition = faultCampaign(url!, Number(repetitions))
const status = await runCampaign(installation, await openCampaign(installation, campaign!, definition))
await installation.close()
console.log(JSON.stringify(status))
