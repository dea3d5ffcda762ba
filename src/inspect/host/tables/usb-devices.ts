import { defineHostTable } from '../table.ts';
import { attribute, numberAttribute } from '../sysfs.ts';

export const table = defineHostTable({
  id: 'usb_devices',
  title: 'USB devices',
  description: 'From `/sys/bus/usb/devices`, names as the devices give them.',
  columns: {
    usb_address: 'integer',
    usb_port: 'integer',
    vendor: 'text',
    vendor_id: 'text',
    version: 'text',
    model: 'text',
    model_id: 'text',
    serial: 'text',
    class: 'text',
    subclass: 'text',
    protocol: 'text',
    removable: 'integer',
  },
  needs: 'live',
  *rows(context) {
    for (const { path } of context.tree.list('/sys/bus/usb/devices')) {
      const read = (name: string): string => attribute(context, `${path}/${name}`)?.trim() ?? '';
      if (read('idVendor') === '') continue;
      yield {
        usb_address: numberAttribute(context, `${path}/devnum`),
        usb_port: numberAttribute(context, `${path}/busnum`),
        vendor: read('manufacturer'),
        vendor_id: read('idVendor'),
        version: read('bcdDevice'),
        model: read('product'),
        model_id: read('idProduct'),
        serial: read('serial'),
        class: read('bDeviceClass'),
        subclass: read('bDeviceSubClass'),
        protocol: read('bDeviceProtocol'),
        removable: read('removable') === 'removable' ? 1 : -1,
      };
    }
  },
});
