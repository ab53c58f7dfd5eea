-- Distributions by persona read the leads of each persona best first.
create index leads_persona_idx on leads (tenant_id, persona, score desc nulls last, id desc) where deleted_at is null;
