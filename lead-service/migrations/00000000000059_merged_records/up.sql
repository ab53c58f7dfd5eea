-- What names a lead goes to the winner when the lead is merged. A merge keeps which records went from which loser, so that
-- its undoing takes back those and no others.
alter table lead_merges add column moved_records jsonb not null default '[]';

-- The leads that lie in one, for its timeline. New leads have no entry.
create index leads_merged_into_idx on leads (tenant_id, merged_into) where merged_into is not null;

-- Deleted records name a lead, too, and go along.
create index tasks_subject_idx on tasks (tenant_id, entity_id) where entity_id is not null;
drop index tasks_entity_id_idx;
create index activities_lead_idx on activities (tenant_id, lead_id, created_at desc, id desc) where lead_id is not null;
drop index activities_lead_id_idx;

-- Merges from before left the records with the losers. Policies speak to the application's role only, so the owner steps
-- around them.
alter table lead_merges no force row level security;
alter table tasks no force row level security;
alter table activities no force row level security;
alter table deals no force row level security;
alter table contacts no force row level security;
alter table ingests no force row level security;
alter table lead_engagements no force row level security;
do $$
declare
    merge record;
    moved jsonb;
begin
    for merge in select id, winner_id, loser_ids from lead_merges where undone_at is null order by created_at, id loop
        select coalesce(jsonb_agg(to_jsonb(r)), '[]') into moved from (
            select 'task' as kind, id, entity_id as lead_id from tasks
                where entity_type = 'lead' and entity_id = any(merge.loser_ids)
            union all select 'activity', id, lead_id from activities where lead_id = any(merge.loser_ids)
            union all select 'deal', id, lead_id from deals where lead_id = any(merge.loser_ids)
            union all select 'contact', id, lead_id from contacts where lead_id = any(merge.loser_ids)
            union all select 'ingest', id, lead_id from ingests where lead_id = any(merge.loser_ids)
            union all select 'engagement', id, lead_id from lead_engagements where lead_id = any(merge.loser_ids)) r;
        if moved <> '[]' then
            update lead_merges set moved_records = moved where id = merge.id;
            update tasks set entity_id = merge.winner_id where entity_type = 'lead' and entity_id = any(merge.loser_ids);
            update activities set lead_id = merge.winner_id where lead_id = any(merge.loser_ids);
            update deals set lead_id = merge.winner_id where lead_id = any(merge.loser_ids);
            update contacts set lead_id = merge.winner_id where lead_id = any(merge.loser_ids);
            update ingests set lead_id = merge.winner_id where lead_id = any(merge.loser_ids);
            update lead_engagements set lead_id = merge.winner_id where lead_id = any(merge.loser_ids);
        end if;
    end loop;
end $$;
alter table lead_merges force row level security;
alter table tasks force row level security;
alter table activities force row level security;
alter table deals force row level security;
alter table contacts force row level security;
alter table ingests force row level security;
alter table lead_engagements force row level security;
