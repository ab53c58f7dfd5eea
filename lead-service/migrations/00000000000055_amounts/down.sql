drop index orders_total_amount_idx, deals_value_idx;
