/** An account of a vendor that one customer of the app has connected. */
export interface Tenant {
  readonly name: string;
  readonly wexioSecret: string;
}

const tenants: readonly Tenant[] = [
  { name: 'bakery', wexioSecret: process.env.BAKERY_WEXIO_SECRET! },
  { name: 'florist', wexioSecret: process.env.FLORIST_WEXIO_SECRET! },
];

/** Stands for a query of your database. */
export async function findTenant(name: string | undefined): Promise<Tenant | undefined> {
  return tenants.find((tenant) => tenant.name === name);
}
