"""Parts of reports that several formats share: findings, facts and tables as text. Pure."""
