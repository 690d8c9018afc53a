export {
  type Changes,
  type Deliver,
  type DeliverOptions,
  deliver,
  type SignedDelivery,
  type VendorDeliveries,
} from './deliver.ts';
