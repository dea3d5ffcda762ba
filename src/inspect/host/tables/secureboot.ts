import { defineHostTable } from '../table.ts';

const folder = '/sys/firmware/efi/efivars';
/** EFI_GLOBAL_VARIABLE of the UEFI specification. */
const vendor = '8be4df61-93ca-11d2-aa0d-00e098032b8c';

export const table = defineHostTable({
  id: 'secureboot',
  title: 'Secure boot',
  description: 'From the variables of the firmware; a machine without UEFI has no row.',
  columns: { secure_boot: 'integer', setup_mode: 'integer' },
  hidden: { secure_mode: 'integer', description: 'text', kernel_extensions: 'integer', mdm_operations: 'integer' },
  needs: 'live',
  *rows({ tree }) {
    // Four bytes of attributes stand before the value.
    const read = (name: string): number | null => tree.read(`${folder}/${name}-${vendor}`, 8)?.[4] ?? null;
    const secure_boot = read('SecureBoot');
    if (secure_boot !== null) yield { secure_boot, setup_mode: read('SetupMode') };
  },
});
