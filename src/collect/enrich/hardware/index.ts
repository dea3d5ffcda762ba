import { defineEnricher } from '../../enricher.ts';
import { vendorOf } from './vendors.ts';

/** Devices that are named: a flood of made-up addresses fills no memory. */
const maxDevices = 200_000;

export const enricher = defineEnricher({
  id: 'hardware',
  title: 'Hardware',
  description:
    'Maker of each device by its hardware address, seen in ARP and DHCP, from the listing of the IEEE that is shipped (`content/hardware`).',
  reads: ['device', 'dhcp'],
  fills: ['hardware'],
  needs: [],
  async run({ store }) {
    const found = await store.query(
      `SELECT DISTINCT mac FROM (SELECT lower(device_mac) AS mac FROM device UNION ALL SELECT lower(client_mac) FROM dhcp)
       WHERE mac IS NOT NULL ORDER BY mac LIMIT ${maxDevices}`,
    );
    const rows = found.flatMap((row) => {
      const mac = String(row['mac']);
      const vendor = vendorOf(mac);
      return vendor === undefined ? [] : [{ mac, vendor }];
    });
    await store.derive(['DELETE FROM hardware']);
    await store.insert('hardware', rows);
  },
});
