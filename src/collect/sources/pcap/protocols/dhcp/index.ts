import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { DhcpExchanges } from './exchanges.ts';
import { readDhcpMessage } from './message.ts';

export const analyzer = defineAnalyzer({
  id: 'dhcp',
  title: 'DHCP',
  description:
    'DHCP for IPv4: the messages of one transaction id as one event, whatever connections carried them, with host name, FQDN, vendor class and the ' +
    'parameter request list, which tell what kind of device asked. BOOTP without DHCP and DHCPv6 are not read.',
  references: ['RFC 2131', 'RFC 2132', 'RFC 3396', 'RFC 4702'],
  emits: ['dhcp'],
  service: 'dhcp',
  transports: ['udp'],
  ports: [67, 68, 4011],
  spread: 'exchanges',
  recognize: ({ orig, resp }: FirstBytes): Recognition =>
    readDhcpMessage(orig.length > 0 ? orig : resp) === undefined ? 'no' : 'match',
  start: (capture) => {
    const exchanges = new DhcpExchanges(capture);
    return {
      attach: (context) => new DhcpConnection(context, exchanges),
      tick: () => exchanges.tick(),
      finish: () => exchanges.finish(),
    };
  },
});

class DhcpConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #exchanges: DhcpExchanges;

  constructor(context: AnalyzerContext, exchanges: DhcpExchanges) {
    this.#context = context;
    this.#exchanges = exchanges;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const message = readDhcpMessage(bytes);
    if (message === undefined) {
      this.#context.violation('no DHCP message');
      return;
    }
    this.#context.confirm();
    this.#exchanges.add(message, isOrig, this.#context.connection);
  }
}
