import { originalDestination } from './original-destination.ts';
import type { Front } from './front.ts';

/**
 * Connections that a firewall turned here (REDIRECT, DNAT): the kernel knows where they were going. Where it does not, because the client
 * was sent here by name, the hello tells the host, and `port` is where it is called.
 */
export function transparent(port: number): Front {
  return {
    id: 'transparent',
    request(socket) {
      const original = originalDestination(socket);
      return Promise.resolve({
        host: original?.host,
        port: original?.port ?? port,
        accept: () => undefined,
        refuse: () => void socket.destroy(),
      });
    },
  };
}
