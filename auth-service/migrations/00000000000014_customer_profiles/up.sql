-- What customer users say about themselves. The picture was decoded and written anew before it was stored.
create table customer_profiles (
    user_id uuid primary key constraint customer_profiles_user_id_fkey references users (id) on delete cascade,
    date_of_birth date,
    address text,
    city text,
    country text,
    picture bytea,
    picture_media_type text
        constraint customer_profiles_picture_media_type_check
        check (picture_media_type in ('image/png', 'image/jpeg', 'image/webp')),
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint customer_profiles_picture_check check ((picture is null) = (picture_media_type is null))
);
select global_table('customer_profiles', 'select, insert, update');
