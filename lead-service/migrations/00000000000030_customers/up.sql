create table customers (
    id uuid primary key,
    tenant_id uuid not null,
    user_id uuid,
    name varchar(255) not null,
    first_name varchar(100),
    last_name varchar(100),
    email varchar(254),
    phone varchar(50),
    company_name varchar(255),
    address text,
    city varchar(100),
    country varchar(100),
    verified boolean not null default false,
    verified_at timestamptz,
    customer_since timestamptz,
    customer_status text not null default 'active' constraint customers_customer_status_check
        check (customer_status in ('active', 'inactive', 'blocked')),
    stage varchar(50),
    account_manager_id uuid,
    notes text,
    customer_type text not null default 'individual' constraint customers_customer_type_check
        check (customer_type in ('individual', 'business')),
    company_size varchar(50),
    industry varchar(100),
    annual_revenue numeric(15, 2),
    preferences jsonb not null default '{}',
    custom_fields jsonb,
    -- These three follow the customer's orders, in the transactions that change those.
    lifetime_value numeric(12, 2) not null default 0,
    total_orders integer not null default 0,
    last_order_date timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index customers_id_tenant_id_key on customers (id, tenant_id);
create unique index customers_user_id_key on customers (tenant_id, user_id)
    where deleted_at is null and user_id is not null;
create index customers_created_at_idx on customers (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
create index customers_name_idx on customers (tenant_id, name desc nulls last, id desc) where deleted_at is null;
create index customers_lifetime_value_idx on customers (tenant_id, lifetime_value desc nulls last, id desc)
    where deleted_at is null;
create index customers_last_order_date_idx on customers (tenant_id, last_order_date desc nulls last, id desc)
    where deleted_at is null;
create index customers_email_idx on customers (tenant_id, email) where deleted_at is null;
create index customers_customer_status_idx on customers (tenant_id, customer_status, created_at desc nulls last, id desc)
    where deleted_at is null;
create index customers_stage_idx on customers (tenant_id, stage) where deleted_at is null;
create index customers_account_manager_id_idx on customers (tenant_id, account_manager_id) where deleted_at is null;
create index customers_created_by_idx on customers (tenant_id, created_by) where deleted_at is null;
select tenant_table('customers', 'select, insert, update');

-- In which companies a customer user is, or asks to be, a customer. The user reads it to know where to look; each
-- company's rows stay behind that company's own transaction. The company is a tenant.
create table customer_companies (
    user_id uuid not null,
    company_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (user_id, company_id)
);
select global_table('customer_companies', 'select, insert');

create table customer_tags (
    id uuid primary key,
    tenant_id uuid not null,
    name varchar(50) not null,
    color varchar(7) not null default '#4c6fff',
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index customer_tags_name_key on customer_tags (tenant_id, lower(name)) where deleted_at is null;
create unique index customer_tags_id_tenant_id_key on customer_tags (id, tenant_id);
create index customer_tags_created_at_idx on customer_tags (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('customer_tags', 'select, insert, update');

-- A deleted tag keeps its links, so that restoring it brings it back on its customers.
create table customer_tag_links (
    tenant_id uuid not null,
    customer_id uuid not null,
    tag_id uuid not null,
    primary key (customer_id, tag_id),
    constraint customer_tag_links_customer_id_fkey
        foreign key (customer_id, tenant_id) references customers (id, tenant_id),
    constraint customer_tag_links_tag_id_fkey foreign key (tag_id, tenant_id) references customer_tags (id, tenant_id)
);
create index customer_tag_links_tag_id_idx on customer_tag_links (tenant_id, tag_id, customer_id);
select tenant_table('customer_tag_links', 'select, insert, delete');

create table customer_segments (
    id uuid primary key,
    tenant_id uuid not null,
    name varchar(100) not null,
    description text,
    criteria jsonb not null default '{}',
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz
);
create unique index customer_segments_name_key on customer_segments (tenant_id, lower(name)) where deleted_at is null;
create index customer_segments_created_at_idx on customer_segments (tenant_id, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('customer_segments', 'select, insert, update');

create table orders (
    id uuid primary key,
    tenant_id uuid not null,
    customer_id uuid not null,
    order_number varchar(50) not null,
    title varchar(255) not null,
    description text,
    status text not null default 'pending' constraint orders_status_check
        check (status in ('pending', 'processing', 'shipped', 'delivered', 'cancelled', 'refunded')),
    total_amount numeric(12, 2) not null,
    currency varchar(3) not null default 'USD',
    order_date timestamptz not null default now(),
    expected_delivery_date date,
    actual_delivery_date date,
    shipping_address text,
    billing_address text,
    payment_method varchar(50),
    payment_status text not null default 'pending' constraint orders_payment_status_check
        check (payment_status in ('pending', 'paid', 'failed', 'refunded')),
    tracking_number varchar(100),
    notes text,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint orders_customer_id_fkey foreign key (customer_id, tenant_id) references customers (id, tenant_id)
);
create unique index orders_order_number_key on orders (tenant_id, order_number) where deleted_at is null;
create unique index orders_id_tenant_id_key on orders (id, tenant_id);
create index orders_order_date_idx on orders (tenant_id, order_date desc nulls last, id desc) where deleted_at is null;
create index orders_customer_id_idx on orders (tenant_id, customer_id, order_date desc nulls last, id desc);
create index orders_status_idx on orders (tenant_id, status, order_date desc nulls last, id desc)
    where deleted_at is null;
create index orders_created_at_idx on orders (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
select tenant_table('orders', 'select, insert, update');

create table order_items (
    id uuid primary key,
    tenant_id uuid not null,
    order_id uuid not null,
    position integer not null,
    product_name varchar(255) not null,
    product_sku varchar(100),
    quantity integer not null constraint order_items_quantity_check check (quantity > 0),
    unit_price numeric(12, 2) not null,
    discount numeric(12, 2) not null default 0,
    tax numeric(12, 2) not null default 0,
    total_price numeric(12, 2) not null,
    created_at timestamptz not null default now(),
    constraint order_items_order_id_fkey foreign key (order_id, tenant_id) references orders (id, tenant_id),
    constraint order_items_total_price_check check (total_price = unit_price * quantity - discount + tax)
);
create index order_items_order_id_idx on order_items (tenant_id, order_id, position);
select tenant_table('order_items', 'select, insert, delete');

create table customer_interactions (
    id uuid primary key,
    tenant_id uuid not null,
    customer_id uuid not null,
    user_id uuid,
    interaction_type text not null constraint customer_interactions_interaction_type_check
        check (interaction_type in ('call', 'email', 'meeting', 'support', 'purchase', 'inquiry')),
    subject varchar(255) not null,
    description text,
    sentiment text constraint customer_interactions_sentiment_check
        check (sentiment in ('positive', 'neutral', 'negative')),
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint customer_interactions_customer_id_fkey
        foreign key (customer_id, tenant_id) references customers (id, tenant_id)
);
create index customer_interactions_created_at_idx
    on customer_interactions (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
create index customer_interactions_customer_id_idx
    on customer_interactions (tenant_id, customer_id, created_at desc nulls last, id desc);
create index customer_interactions_interaction_type_idx
    on customer_interactions (tenant_id, interaction_type, created_at desc nulls last, id desc)
    where deleted_at is null;
select tenant_table('customer_interactions', 'select, insert, update');

create table issues (
    id uuid primary key,
    tenant_id uuid not null,
    title varchar(255) not null,
    description text,
    issue_type text not null constraint issues_issue_type_check check (issue_type in ('bug', 'feature', 'task')),
    status text not null default 'open' constraint issues_status_check
        check (status in ('open', 'in_progress', 'resolved', 'closed')),
    priority text not null default 'medium' constraint issues_priority_check
        check (priority in ('low', 'medium', 'high', 'urgent')),
    assigned_to uuid,
    customer_id uuid,
    deal_id uuid,
    contact_id uuid,
    github_issue_id bigint,
    resolved_at timestamptz,
    version integer not null default 1,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    constraint issues_customer_id_fkey foreign key (customer_id, tenant_id) references customers (id, tenant_id)
);
create index issues_created_at_idx on issues (tenant_id, created_at desc nulls last, id desc) where deleted_at is null;
create index issues_status_idx on issues (tenant_id, status, created_at desc nulls last, id desc)
    where deleted_at is null;
create index issues_priority_idx on issues (tenant_id, priority, created_at desc nulls last, id desc)
    where deleted_at is null;
create index issues_assigned_to_idx on issues (tenant_id, assigned_to, created_at desc nulls last, id desc)
    where deleted_at is null;
create index issues_created_by_idx on issues (tenant_id, created_by) where deleted_at is null;
create index issues_customer_id_idx on issues (tenant_id, customer_id) where customer_id is not null;
select tenant_table('issues', 'select, insert, update');

-- Deleting a customer takes its orders and interactions along; restoring it brings back those that went with it.
create function cascade_customer_deletion() returns trigger language plpgsql as $$
begin
    if new.deleted_at is not null and old.deleted_at is null then
        update orders set deleted_at = new.deleted_at, updated_at = new.updated_at, version = version + 1
            where customer_id = new.id and deleted_at is null;
        update customer_interactions set deleted_at = new.deleted_at, updated_at = new.updated_at, version = version + 1
            where customer_id = new.id and deleted_at is null;
    elsif new.deleted_at is null and old.deleted_at is not null then
        update orders set deleted_at = null, updated_at = new.updated_at, version = version + 1
            where customer_id = new.id and deleted_at = old.deleted_at;
        update customer_interactions set deleted_at = null, updated_at = new.updated_at, version = version + 1
            where customer_id = new.id and deleted_at = old.deleted_at;
    end if;
    return null;
end $$;
create trigger customers_deletion_cascade after update of deleted_at on customers
    for each row execute function cascade_customer_deletion();
