import type { Endpoint } from '../types.ts'
import { channelEndpoints } from './channels.ts'
import { redirectEndpoints } from './redirects.ts'
import { settingEndpoints } from './settings.ts'
import { storeMetafieldEndpoints } from './store-metafields.ts'

export { seedRedirects, seedStorefront } from './seed.ts'

/** Where the store sells, and what it is set to. */
export const storefrontEndpoints: readonly Endpoint[] = [
  ...channelEndpoints,
  ...redirectEndpoints,
  ...settingEndpoints,
  ...storeMetafieldEndpoints,
]
