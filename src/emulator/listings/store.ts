import type { Endpoint } from '../types.ts'

/** The store itself and its time, in the v2 form: no envelope. */
export const storeEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v2/store',
    scope: 'store_v2_information',
    handle: ({ state }) => ({ status: 200, body: state.store }),
  },
  {
    method: 'GET',
    path: '/v2/time',
    scope: 'store_v2_information',
    handle: (call) => ({ status: 200, body: { time: Math.floor(call.now() / 1000) } }),
  },
]
