import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { readPciNames } from '../pci-names.ts';
import { attribute, linkName } from '../sysfs.ts';

export const table = defineHostTable({
  id: 'pci_devices',
  title: 'PCI devices',
  description: 'From `/sys/bus/pci/devices`; names from `pci.ids`, if that is installed.',
  columns: {
    pci_slot: 'text',
    pci_class: 'text',
    driver: 'text',
    vendor: 'text',
    vendor_id: 'text',
    model: 'text',
    model_id: 'text',
    pci_class_id: 'text',
    pci_subclass_id: 'text',
    pci_subclass: 'text',
    subsystem_vendor_id: 'text',
    subsystem_vendor: 'text',
    subsystem_model_id: 'text',
    subsystem_model: 'text',
  },
  needs: 'live',
  *rows(context) {
    const names = readPciNames(context);
    for (const { path } of context.tree.list('/sys/bus/pci/devices')) {
      const read = (name: string): string => (attribute(context, `${path}/${name}`) ?? '').trim().replace(/^0x/, '');
      const [vendor, model, kind] = [read('vendor'), read('device'), read('class')];
      const [subVendor, subModel] = [read('subsystem_vendor'), read('subsystem_device')];
      yield {
        pci_slot: nameOf(path),
        pci_class: names.get(`C ${kind.slice(0, 2)}`) ?? '',
        driver: linkName(context, `${path}/driver`),
        vendor: names.get(vendor) ?? '',
        vendor_id: vendor.toUpperCase(),
        model: names.get(`${vendor} ${model}`) ?? '',
        model_id: model.toUpperCase(),
        pci_class_id: kind.slice(0, 2),
        pci_subclass_id: kind.slice(2, 4),
        pci_subclass: names.get(`C ${kind.slice(0, 2)} ${kind.slice(2, 4)}`) ?? '',
        subsystem_vendor_id: subVendor.toUpperCase(),
        subsystem_vendor: names.get(subVendor) ?? '',
        subsystem_model_id: subModel.toUpperCase(),
        subsystem_model: '',
      };
    }
  },
});
