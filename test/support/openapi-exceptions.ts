/** A place where the official files say one thing, and guides or captured answers another. */
export interface Exception {
  readonly on: 'request' | 'answer'
  /** `GET /v3/catalog/products`; of an answer with the status behind it. */
  readonly operation: RegExp
  readonly complaint: RegExp
  /** Which is right and who says so, a section of docs/bigcommerce.md. */
  readonly why: string
}

/** All of them. One that nothing needs any more fails the contract test, so the table stays true. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    on: 'answer',
    operation: / 401$/,
    complaint: /is not described$/,
    why: 'Response headers: a 401 was measured as plain text twice and as JSON once; a file even spells its type plain/text',
  },
  {
    on: 'answer',
    operation: /^GET \/v2\/.* 204$/,
    complaint: /^status 204 is not described$/,
    why: 'v2 paging: a list without rows is a 204 without a body; written for shipments only',
  },
  {
    on: 'answer',
    operation: /^(GET|DELETE) \/v3\/catalog\/trees(\/categories)? 422$/,
    complaint: /^\/errors must have required property '(status|title|type|errors)'$/,
    why: 'Error bodies, v3: the captured refusals are flat; the file nests them once more under errors',
  },
  {
    on: 'answer',
    operation: /^GET .*\/bulk-pricing-rules 200$/,
    complaint: /^\/data must be object,null$/,
    why: 'Custom fields, bulk pricing: it is a list; the file describes a single rule with the paging of a list',
  },
  {
    on: 'answer',
    operation: /^POST \/v3\/catalog\/brands 207$/,
    complaint: /^\/data must be array,null$/,
    why: 'Error bodies, v2 and multi-status: data is the one object that was saved',
  },
  {
    on: 'answer',
    operation: /\/variants\/\{variant_id\}\/metafields/,
    complaint: /\/description must NOT have fewer than 1 characters$/,
    why: 'Metafields: a description is at most 255 characters and may be unset, which the products file allows',
  },
  {
    on: 'answer',
    operation: /^PUT \/v3\/catalog\/brands\/metafields 422$/,
    complaint: /^\/errors must be object,null$/,
    why: 'Error bodies, v3: the errors of a batch are a list, as the files of products, variants and categories have it',
  },
  {
    on: 'answer',
    operation: /^(POST|PUT) \/v3\/catalog\/products\/\{product_id\}\/options/,
    complaint: /^\/data\/config must be object,null$/,
    why: 'Options: an empty configuration is an empty list',
  },
  {
    on: 'request',
    operation: /^GET \/v2\/(products|options|categories|brands)(\/|$)/,
    complaint: /^no such operation$/,
    why: 'The older catalog: no official file describes it any more, and stores with a legacy account are served it all the same',
  },
  {
    on: 'answer',
    operation: /^GET \/v2\/(products|options|categories|brands)(\/|$)/,
    complaint: /^no such operation$/,
    why: 'The older catalog: no official file describes it any more, and stores with a legacy account are served it all the same',
  },
  {
    on: 'request',
    operation: /\/shippingaddresses/,
    complaint: /^no such operation$/,
    why: 'Orders v2: the links inside orders spell the path without the underscore, and it is served',
  },
  {
    on: 'answer',
    operation: /\/shippingaddresses/,
    complaint: /^no such operation$/,
    why: 'Orders v2: the links inside orders spell the path without the underscore, and it is served',
  },
  {
    on: 'request',
    operation: /^GET \/v2\/customers$/,
    complaint: /^\?(page|limit) is no parameter$/,
    why: 'The older customers: every list of v2 takes them; the file names them for the addresses only',
  },
  {
    on: 'request',
    operation: /^GET \/v2\/orders(\/count)?$/,
    complaint: /^\?is_deleted is no parameter$/,
    why: 'Orders v2: in the 2023 file and the old reference, and sent by clients',
  },
  {
    on: 'request',
    operation: /^GET \/v2\/orders$/,
    complaint: /^\?sort is not what is described$/,
    why: 'Sort: the direction is part of the value; the list of values leaves it out',
  },
  {
    on: 'request',
    operation: /^POST \/v3\/catalog\/products$/,
    complaint: /^\/(variants|bulk_pricing_rules)\/\* must have required property '(id|product_id)'$/,
    why: 'OpenAPI files: ids are read-only and required at once; parts of a product that is being made have none yet',
  },
  {
    on: 'request',
    operation: /^POST \/v3\/catalog\/trees\/categories$/,
    complaint: /^\/\* must (have required property '(parent_id|tree_id)'|match a schema in anyOf)$/,
    why: 'Categories: tree_id at the top, or parent_id below; the schema asks for both',
  },
  {
    on: 'request',
    operation: /^PUT \/v3\/catalog\/(brands\/\{brand_id\}|categories\/\{category_id\})$/,
    complaint: /^must have required property '(name|parent_id)'$/,
    why: 'OpenAPI files: what a create requires is repeated on the update, which takes the changed fields only',
  },
  {
    on: 'request',
    operation: /^PUT .*\/bulk-pricing-rules\/\{bulk_pricing_rule_id\}$/,
    complaint: /^must have required property 'id'$/,
    why: 'OpenAPI files: the id is read-only and required at once; the path names the rule',
  },
  {
    on: 'request',
    operation: /^PUT .*\/metafields\/\{metafield_id\}$/,
    complaint: /^must have required property '(key|namespace|permission_set)'$/,
    why: 'OpenAPI files: what a create requires is repeated on the update, which takes the changed fields only',
  },
  {
    on: 'request',
    operation: /^PUT \/v3\/catalog\/variants$/,
    complaint: /^\/\*\/\w+ must be (number|integer)$/,
    why: 'Variants: null makes the variant follow its product; the batch leaves out nullable',
  },
  {
    on: 'request',
    operation: /^GET \/v3\/catalog\/products$/,
    complaint: /^\?include_fields is not what is described$/,
    why: 'Field selection: id alone is asked for by the official importer too; the list of names leaves it out',
  },
  {
    on: 'answer',
    operation: /^POST \/v3\/customers 413$/,
    complaint: /^application\/json is not described$/,
    why: 'Batches: too many rows are told as an error like any other; the file describes the status and no body',
  },
  {
    on: 'request',
    operation: /^DELETE \/v3\/customers(\/\w+(-values)?)?$/,
    complaint: /^\?id:in is required$/,
    why: 'Customers: without it the answer is 204 and nothing happens, as the text of the operation says',
  },
  {
    on: 'request',
    operation: /^(POST|PUT) \/v2\/customer_groups/,
    complaint: /^\/discount_rules/,
    why: 'Customer groups: a rule of a price list has price_list_id; the file asks for a price_list that it does not describe',
  },
]
